"""Readings of AWS Config."""
