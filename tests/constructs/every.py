"""All constructs there are."""

from __future__ import annotations

import inspect
import pkgutil
from importlib import import_module

from constructs import Construct

import revet.constructs as package


def classes() -> dict[str, type[Construct]]:
    """Name to class of every construct."""
    found = {}
    for item in pkgutil.walk_packages(package.__path__, "revet.constructs."):
        for kind in vars(import_module(item.name)).values():
            ours = inspect.isclass(kind) and kind.__module__.startswith("revet.constructs.")
            if ours and issubclass(kind, Construct):
                found[kind.__name__] = kind
    return found
