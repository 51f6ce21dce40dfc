"""References to resources that do not exist yet, in policies of a Terraform plan."""

from __future__ import annotations

import re

_SYMBOL = re.compile(r"\$\{(?:data\.)?[a-z][a-z0-9]*_[a-z0-9_]*\.[^{}]*\}|\$\{module\.[^{}]*\}")


def has_symbol(text: str) -> bool:
    """Whether a text holds a reference such as `${aws_kms_key.data.arn}`.

    What it stands for is not known.

    A policy variable has a colon in its name (`${aws:username}`), so that the two never meet.

    Args:
        text: a string of a policy.
    """
    return "${" in text and _SYMBOL.search(text) is not None


def without_symbols(text: str) -> str:
    """The text with every symbol replaced by `*`, which covers whatever it stands for."""
    return _SYMBOL.sub("*", text) if "${" in text else text


def around_symbols(text: str) -> str:
    """The text that stands around the symbols; the symbols themselves are left out."""
    return _SYMBOL.sub("", text) if "${" in text else text
