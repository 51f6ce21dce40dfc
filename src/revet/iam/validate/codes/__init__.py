"""Findings of AWS, one file each: the code in lower case."""
