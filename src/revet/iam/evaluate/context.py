"""The context of a request: lower-cased keys, texts as values.

Source: IAM User Guide, "IAM JSON policy elements: Condition" (the request context) and "Single-
valued vs. multivalued context keys".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from revet.iam.glob_parts import ANY, Part, Symbol, Variable
from revet.iam.globs import Glob
from revet.model.errors import InputError


@dataclass(frozen=True, slots=True)
class Partly:
    """One value of which only a part is known.

    Args:
        among: patterns without variables; the value is in one of them, and which is not known.
        why: what is not known.
        resolve: what the user can give to make it known.
        absent: whether it may also be that the request does not have the key.
    """

    among: tuple[Glob, ...]
    why: str
    resolve: str
    absent: bool = False


Given: TypeAlias = str | bool | int | float | Partly | None
Context: TypeAlias = dict[str, str | tuple[str, ...] | Partly]

REFERENCE = "${"
"""What a value holds that only the deployment knows."""


def read_context(given: Mapping[str, Given | Sequence[Given]]) -> Context:
    """Lower the names of the keys, for they are compared without case; make all values texts.

    Args:
        given: a key's value or list of values; `None` says that the key is missing, and a value of
            which only a part is known stands alone.

    Returns:
        A text for a key with one value, a tuple for one with none or several.

    Raises:
        InputError: a key stands twice in different case, or a value is no text, number or truth.
    """
    lowered = {key.lower(): value for key, value in given.items()}
    if len(lowered) < len(given):
        raise InputError(
            "a context key is given twice",
            where=", ".join(f"`{key}`" for key in sorted(given, key=str.lower)),
            expected="each key once; case does not tell them apart",
            do="give all its values as one list",
        )
    return {
        key: value if type(value) is str else _texts(key, value) for key, value in lowered.items()
    }


def _texts(key: str, value: Given | Sequence[Given]) -> str | tuple[str, ...] | Partly:
    if isinstance(value, Partly):
        return value
    if isinstance(value, list | tuple):
        texts = tuple(_text(key, item) for item in value if item is not None)
        return texts[0] if len(texts) == 1 else texts
    return () if value is None else _text(key, value)


def _text(key: str, value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    raise InputError(
        "a context key has a value of the wrong kind",
        where=f"`{key}`",
        got=f"`{type(value).__name__}`",
        expected="a text, number, truth value, or a list of them",
        do="write the value as AWS would put it into the request context",
    )


def fill_in(glob: Glob, context: Context) -> tuple[Glob | None, bool]:
    """Put the request's values in place of variables.

    Source: IAM User Guide, "IAM policy elements: Variables and tags": a variable without value and
    default makes the attempt to match fail; keys with several values cannot be variables.

    Returns:
        The pattern, `None` when a variable has no value and no default; and whether that is sure:
        where a value is not known before the deployment, or there are several, `*` stands for it.
    """
    parts: list[Part] = []
    sure = True
    for part in glob.parts:
        if isinstance(part, Variable):
            value = context.get(part.key)
            if value is None or value == ():
                value = part.default
            if value is None:
                return None, True
            if not isinstance(value, str) or REFERENCE in value:
                sure = False
                parts.append(ANY)
            else:
                parts.append(value)
        elif isinstance(part, Symbol):
            sure = False
            parts.append(ANY)
        else:
            parts.append(part)
    return Glob.of(parts, ignore_case=glob.ignore_case, text=glob.text), sure
