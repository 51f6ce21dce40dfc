"""The parser of Terraform's language: tree-sitter, which is an extra."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from revet.model.errors import PrerequisiteError

if TYPE_CHECKING:
    from tree_sitter import Parser


def can_parse() -> bool:
    """Whether the parser is installed."""
    return all(importlib.util.find_spec(name) for name in ("tree_sitter", "tree_sitter_hcl"))


def parser() -> Parser:
    """The parser.

    Raises:
        PrerequisiteError: it is not installed.
    """
    try:
        import tree_sitter_hcl  # noqa: PLC0415 - an extra, only where sources are read
        from tree_sitter import Language, Parser  # noqa: PLC0415 - same
    except ImportError as error:
        raise PrerequisiteError(
            "the parser of Terraform's language is not installed",
            where="--source",
            got=str(error),
            expected="the packages `tree-sitter` and `tree-sitter-hcl`",
            do="`pip install 'revet[sources]'`, or leave `--source` out",
        ) from error
    return Parser(Language(tree_sitter_hcl.language()))
