"""Intake: reads, maps and checks an export, and says what it found; nothing is guessed."""
