"""The parts of IAM's patterns: literal text, wildcards, policy variables, references.

Source: IAM User Guide, "IAM policy elements: Variables and tags".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from revet.iam.symbol import around_symbols


class Wildcard(Enum):
    """What a wildcard stands for."""

    ANY = "*"
    """Any text, the empty one too."""
    ONE = "?"
    """Any single character."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A policy variable, `${key}` or `${key, 'default'}`.

    Args:
        key: the condition key in lower case: AWS compares names of keys without case.
        default: the text when the request does not have the key; `None` without one.
    """

    key: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Symbol:
    """A reference that only the deployment resolves, such as `${aws_kms_key.x.arn}`.

    Args:
        text: what stands between the braces.
    """

    text: str


Part: TypeAlias = str | Wildcard | Variable | Symbol

ANY, ONE = Wildcard.ANY, Wildcard.ONE

_PIECE = re.compile(r"\$\{([^{}]*)\}|[*?]|[^$*?]+|\$")
_UNCLOSED = re.compile(r"\$\{(?!(?:[^{}$]*|\$)\})")
_KEY = re.compile(r"\s*([A-Za-z0-9._/-]+:[^,']+?)\s*(?:,\s*'([^']*)'\s*)?")


def is_variable(text: str) -> bool:
    """Whether what stands between `${` and `}` is a policy variable and no Terraform reference.

    Names of condition keys hold a colon after a plain prefix; Terraform addresses do not.
    """
    return _KEY.fullmatch(text) is not None


def unclosed(text: str) -> str:
    """What is wrong with a text in which a policy variable does not end; empty where all do.

    AWS does not say whether such a variable is plain text, or the policy is refused.
    """
    if "${" not in text or not _UNCLOSED.search(around_symbols(text)):
        return ""
    return f"`{text}` lacks the closing brace of a policy variable"


def parse_parts(text: str, *, variables: bool = True, wildcards: bool = True) -> tuple[Part, ...]:
    """Split a text into its parts; literal parts never stand side by side.

    Args:
        text: the pattern as written.
        variables: `False` for policies of version 2008-10-17, in which `${aws:username}` is that
            very text. References of Terraform are recognized all the same.
        wildcards: `False` for `StringEquals` and the like, in which `*` and `?` are plain text.
    """
    if "$" not in text and "?" not in text:
        if "*" not in text or not wildcards:
            return (text,) if text else ()
        return _around_any(text.split("*"))
    found: list[Part] = []
    for match in _PIECE.finditer(text):
        piece = match.group()
        part: Part
        if piece in ("*", "?"):
            part = Wildcard(piece) if wildcards else piece
        elif match.group(1) is not None:
            part = _reference(match.group(1), piece, variables=variables)
            if not variables and wildcards and isinstance(part, str):
                found.extend(_plain(part))
                continue
        else:
            part = piece
        found.append(part)
    return joined(found)


def _around_any(pieces: list[str]) -> tuple[Part, ...]:
    """Texts with `*` between them; several in a row are one."""
    found: list[Part] = [pieces[0]] if pieces[0] else []
    for piece in pieces[1:]:
        if not found or found[-1] is not ANY:
            found.append(ANY)
        if piece:
            found.append(piece)
    return tuple(found)


def _plain(text: str) -> list[Part]:
    return [{"*": ANY, "?": ONE}.get(piece, piece) for piece in re.split(r"([*?])", text) if piece]


def _reference(inner: str, whole: str, *, variables: bool) -> Part:
    if inner in ("*", "?", "$"):
        return inner if variables else whole
    match = _KEY.fullmatch(inner)
    if match is None:
        return Symbol(inner) if inner.strip() else whole
    return Variable(match[1].lower(), match[2]) if variables else whole


def joined(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Literals side by side become one; in a run of wildcards `?` comes first and one `*` stays."""
    found: list[Part] = []
    run = False
    for part in parts:
        if part is ANY:
            run = True
            continue
        if part is ONE:
            found.append(part)
            continue
        if run:
            found.append(ANY)
            run = False
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] += part
        elif part != "":
            found.append(part)
    if run:
        found.append(ANY)
    return tuple(found)
