"""Readings of AWS CloudTrail."""
