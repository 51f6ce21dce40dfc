"""Symbols in policies: `${aws_kms_key.k.arn}` stands for a value that is known after apply.

A symbol is one attribute, or, where only the origin of a value is known, `${made of A, B}`: some
text that Terraform makes of these attributes. Whatever reads policies takes both from here.

IAM's own policy variables look alike; they have a colon (`${aws:username}`) or are one of
`${*}`, `${?}`, `${$}`. Source: IAM User Guide, "Policy variables".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_BRACES = re.compile(r"\$\{((?:[^{}\"]|\"(?:[^\"\\]|\\.)*\")*)\}")
_BRACKETS = re.compile(r'\["(?:[^"\\]|\\.)*"\]')
_MADE_OF = "made of "
_BETWEEN = re.compile(r', (?=(?:[^"]|"(?:[^"\\]|\\.)*")*$)')
# The first words of Terraform's references; types of resources have an underscore.
_REFERENCE = re.compile(r"(?:data|each|local|module|var)\.[A-Za-z_]|[a-z][a-z0-9]*_[a-z0-9_]*\.")


def made_of(references: Iterable[str]) -> str:
    """What stands between `${` and `}` for a value of which only the origin is known.

    Args:
        references: full addresses with attribute, `aws_s3_bucket.b.arn`; at least one.
    """
    return _MADE_OF + ", ".join(references)


def origins(inner: str) -> tuple[str, ...]:
    """The references that a symbol consists of; one for a plain symbol.

    Args:
        inner: what stands between `${` and `}`.
    """
    if not inner.startswith(_MADE_OF):
        return (inner,)
    return tuple(_BETWEEN.split(inner.removeprefix(_MADE_OF)))


def is_exact(inner: str) -> bool:
    """Whether a symbol is the attribute itself, and not some text made of it.

    Args:
        inner: what stands between `${` and `}`.
    """
    return not inner.startswith(_MADE_OF)


def is_symbol(inner: str) -> bool:
    """Whether what stands between `${` and `}` is a symbol, and no policy variable.

    Args:
        inner: without the braces.
    """
    if inner.startswith(_MADE_OF):
        return True
    return ":" not in _BRACKETS.sub("", inner) and _REFERENCE.match(inner) is not None


def symbols(text: str) -> tuple[str, ...]:
    """The symbols in a value of a policy, in order, without `${` and `}`."""
    if "${" not in text:
        return ()
    return tuple(inner for inner in _BRACES.findall(text) if is_symbol(inner))


def has_symbol(text: str) -> bool:
    """Whether a value of a policy holds a symbol, so that not all of it is known."""
    return bool(symbols(text))


def replace_symbols(text: str, word: Callable[[str], str]) -> str:
    """A value of a policy with something else in place of each symbol.

    Args:
        text: the value.
        word: gives the text for a symbol, which it gets without `${` and `}`.
    """
    if "${" not in text:
        return text
    return _BRACES.sub(
        lambda match: word(match.group(1)) if is_symbol(match.group(1)) else match.group(), text
    )


def without_symbols(text: str) -> str:
    """The text with every symbol replaced by `*`, which covers whatever it stands for."""
    return replace_symbols(text, lambda _: "*")


def around_symbols(text: str) -> str:
    """The text that stands around the symbols; the symbols themselves are left out."""
    return replace_symbols(text, lambda _: "")
