"""Forgets to synthesize."""
