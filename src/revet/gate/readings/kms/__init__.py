"""Readings of AWS KMS."""
