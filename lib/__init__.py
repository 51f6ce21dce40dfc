"""Stacks of this repository."""
