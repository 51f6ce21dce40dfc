"""Lambda functions that are run: each in a process of its own, as a session of its own role."""
