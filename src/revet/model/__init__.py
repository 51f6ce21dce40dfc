"""The words all rooms share. No I/O, no dependencies."""
