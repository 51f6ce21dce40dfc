"""Fails in an ordinary way."""

import sys


def deep() -> None:
    missing = {}
    missing["nothing"]


sys.stdout.write("before\n")
deep()
