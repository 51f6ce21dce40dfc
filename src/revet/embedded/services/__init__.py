"""What moto lacks or does otherwise than AWS, one file per service, each change with its reason."""

from __future__ import annotations

import importlib
import pkgutil


def install() -> None:
    """Put every file's changes in place; once, before the first call."""
    for module in sorted(item.name for item in pkgutil.iter_modules(__path__)):
        importlib.import_module(f"{__name__}.{module}").install()
