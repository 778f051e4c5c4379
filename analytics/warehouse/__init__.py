"""Warehouse: keeps every upload, and builds from those that stand what all numbers are made of."""
