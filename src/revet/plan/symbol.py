"""Symbols in policies: `${aws_kms_key.k.arn}` stands for a value that is known after apply.

IAM's own policy variables look alike; they have a colon (`${aws:username}`) or are one of
`${*}`, `${?}`, `${$}`. Source: IAM User Guide, "Policy variables".
"""

from __future__ import annotations

import re

_SYMBOL = re.compile(r"\$\{((?:[^{}\"]|\"(?:[^\"\\]|\\.)*\")*)\}")
_BRACKETS = re.compile(r'\["(?:[^"\\]|\\.)*"\]')
_DERIVED = re.compile(r"derived\((.*)\)$", re.DOTALL)


def symbols(text: str) -> tuple[str, ...]:
    """The symbols in a value of a policy, without `${` and `}`; IAM's variables left out."""
    return tuple(
        found for found in _SYMBOL.findall(text) if "." in found and not _is_variable(found)
    )


def symbol_text(text: str) -> str | None:
    """The reference in a value's symbol; `None` when it has none.

    A value of which only the origin is known, `${derived(aws_s3_bucket.b.arn)}`, gives that
    origin; several origins, or several symbols, are joined with `, `.
    """
    found = symbols(text)
    if not found:
        return None
    return ", ".join(_DERIVED.sub(r"\1", name) for name in found)


def _is_variable(name: str) -> bool:
    return ":" in _BRACKETS.sub("", name).split("(")[0]
