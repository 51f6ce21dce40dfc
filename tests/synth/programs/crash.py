"""Fails in an ordinary way."""

import sys


def deep() -> None:
    missing: dict[str, str] = {}
    missing["nothing"]


sys.stdout.write("before\n")
deep()
