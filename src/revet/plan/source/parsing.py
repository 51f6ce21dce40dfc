"""The parser of Terraform's language: tree-sitter, which is an extra."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from revet.model.errors import PrerequisiteError

if TYPE_CHECKING:
    from tree_sitter import Parser


PACKAGES = ("tree_sitter", "tree_sitter_hcl")
"""What the parser is made of."""


def can_parse() -> bool:
    """Whether the parser is installed."""
    return all(importlib.util.find_spec(name) for name in PACKAGES)


def parser() -> Parser:
    """The parser.

    Raises:
        PrerequisiteError: it is not installed.
    """
    if not can_parse():
        raise PrerequisiteError(
            "the parser of Terraform's language is not installed",
            where="--source",
            expected="the packages `tree-sitter` and `tree-sitter-hcl`",
            do="`pip install 'revet[sources]'`, or leave `--source` out",
        )
    import tree_sitter_hcl  # noqa: PLC0415 - an extra, only where sources are read
    from tree_sitter import Language, Parser  # noqa: PLC0415 - same

    return Parser(Language(tree_sitter_hcl.language()))
