"""Reporting: tidy frames as charts and tables."""
