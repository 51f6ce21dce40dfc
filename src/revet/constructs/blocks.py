"""Lists of blocks, which may only hold objects of the provider package's classes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from revet.constructs.arguments import refuse

Block = TypeVar("Block")


def blocks(*items: Block) -> list[Block]:
    """A list of blocks.

    cdktn drops snake_case keys of dictionaries inside lists without a word, so a dictionary is
    refused here; a test forbids dictionaries in list arguments of this package.

    Args:
        items: objects of the classes that the provider package has for the block.

    Raises:
        ArgumentError: one of them is a dictionary.
    """
    for item in items:
        if isinstance(item, Mapping):
            refuse("blocks", item, "an object of the block's class", "write the class")
    return list(items)
