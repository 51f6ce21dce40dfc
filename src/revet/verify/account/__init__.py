"""Readers of an account, one file a service; found by where they lie."""
