"""Flipped Funnel's analytics: from a company's exports to a decision, without a browser."""
