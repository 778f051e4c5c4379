"""Models: what happened, and what will."""
