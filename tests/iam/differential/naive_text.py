"""How policies write texts: wildcards and policy variables, read from AWS's documentation.

Part of the naive evaluator: plain and slow on purpose, and sharing nothing with the product.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

Context: TypeAlias = Mapping[str, tuple[str, ...]]  # key in lower case to its values
Piece: TypeAlias = tuple[str, bool]  # some text and False, or a wildcard and True

VARIABLE = re.compile(r"\$\{([^}]*)\}")
WILDCARD = re.compile(r"([*?])")
PARTS_OF_AN_ARN = 6


def expand(text: str, context: Context, version: str) -> list[Piece] | None:
    """The pieces of a text after its variables are replaced; None if one has no value.

    Source: "IAM policy elements: Variables and tags": variables need version 2012-10-17, else they
    are plain text; `${*}`, `${?}` and `${$}` stand for the character itself; `${key, 'default'}`
    has a default; a key that is not in the request has no value.
    Source: "Single-valued vs. multivalued context keys": only single-valued keys are variables.
    """
    if version != "2012-10-17":
        return pieces_of(text)
    pieces: list[Piece] = []
    position = 0
    for found in VARIABLE.finditer(text):
        pieces += pieces_of(text[position : found.start()])
        position = found.end()
        value = _value(found.group(1), context)
        if value is None:
            return None
        pieces.append((value, False))
    return pieces + pieces_of(text[position:])


def pieces_of(text: str) -> list[Piece]:
    """A text without variables, cut at its wildcards."""
    return [(part, part in {"*", "?"}) for part in WILDCARD.split(text) if part]


def _value(inside: str, context: Context) -> str | None:
    if inside in {"*", "?", "$"}:
        return inside
    key, comma, default = inside.partition(",")
    values = context.get(key.strip().lower(), ())
    if len(values) == 1:
        return values[0]
    return default.strip().strip("'") if comma else None


def plain(pieces: list[Piece]) -> str:
    """The text with every character taken as itself."""
    return "".join(text for text, _ in pieces)


def like(pieces: list[Piece], text: str) -> bool:
    """Whether a pattern matches a whole text: `*` any characters, `?` any one.

    Source: "IAM JSON policy elements: Condition operators", string condition operators.
    """
    if not pieces:
        return not text
    (piece, wildcard), rest = pieces[0], pieces[1:]
    if not wildcard:
        return text.startswith(piece) and like(rest, text[len(piece) :])
    if piece == "?":
        return bool(text) and like(rest, text[1:])
    return not rest or any(like(rest, text[start:]) for start in range(len(text) + 1))


def resource_like(pieces: list[Piece], arn: str, part: int = 1) -> bool:
    """Whether a pattern of a Resource element matches an ARN, from its n-th part on.

    Source: "IAM JSON policy elements: Resource", wildcards in resource ARNs: they stand for
    characters within a segment; a `*` that ends a segment goes on beyond the colon. "Identify AWS
    resources with ARNs": the sixth segment, the resource, may have colons itself.
    """
    if not pieces:
        return not arn
    (piece, wildcard), rest = pieces[0], pieces[1:]
    if not wildcard:
        part += piece.count(":")
        return arn.startswith(piece) and resource_like(rest, arn[len(piece) :], part)
    bounded = part < PARTS_OF_AN_ARN
    if piece == "?":
        return arn[:1] not in ({"", ":"} if bounded else {""}) and resource_like(
            rest, arn[1:], part
        )
    ends_segment = not rest or rest[0][0].startswith(":")
    reach = len(arn.partition(":")[0]) if bounded and not ends_segment else len(arn)
    return any(resource_like(rest, arn[start:], part) for start in range(reach + 1))


def whole(text: str) -> str:
    """An ARN of an identity-based policy with all its parts.

    Source: "IAM identifiers", IAM ARNs: AWS adds `*` for all parts that are missing.
    """
    parts = text.split(":")
    missing = PARTS_OF_AN_ARN - len(parts)
    return text + ":*" * missing if parts[0] == "arn" and len(parts) >= 3 else text


def arn_like(pieces: list[Piece], arn: str) -> bool:
    """Whether a pattern of an ARN operator matches an ARN: each of six parts for itself.

    Source: "IAM JSON policy elements: Condition operators", ARN condition operators.
    """
    parts: list[list[Piece]] = [[]]
    for text, wildcard in pieces:
        first, *others = text.split(":", PARTS_OF_AN_ARN - len(parts))
        parts[-1] += [(first, wildcard)] if first else []
        parts += [[(other, wildcard)] if other else [] for other in others]
    values = arn.split(":", PARTS_OF_AN_ARN - 1)
    return len(parts) == len(values) and all(map(like, parts, values))
