"""`python -m revet.cli` is `revet`."""

from __future__ import annotations

from revet.cli import main

main()
