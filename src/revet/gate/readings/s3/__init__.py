"""Readings of Amazon S3."""
