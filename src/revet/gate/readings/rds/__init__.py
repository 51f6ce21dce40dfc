"""Readings of Amazon RDS."""
