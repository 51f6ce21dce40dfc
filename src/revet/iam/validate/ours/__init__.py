"""Findings that AWS does not have, one file each: the code in lower case without its prefix."""
