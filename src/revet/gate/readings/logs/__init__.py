"""Readings of CloudWatch Logs."""
