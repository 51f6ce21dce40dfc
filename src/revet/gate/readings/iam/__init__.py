"""Readings of IAM."""
