"""JSON documents written as text, such as policies, as calls of `jsonencode`.

The call gives a document with its members sorted, and escapes what it is given: that may be another
text than the one that was written. So it is used where it comes to the same text, and where the
document is a policy: the provider compares policies as documents.

In quotes, `${…}` is a text whatever it refers to, and in the call a number stays a number. So what
is not known to be a text is made one there with `tostring`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from revet.plan.kinds import attribute_kind
from revet.plan.terraform_types import terraform_type
from revet.synth.hcl.lexer import Interpolation, Item, Template, Token, read_template
from revet.synth.hcl.tree import (
    Brackets,
    Node,
    Rename,
    Text,
    call,
    key_of,
    literal,
    members,
    of_tokens,
    valid,
)

_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_HOLE = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
_GO = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_REFERENCE = re.compile(r"[^\W\d][\w-]*(?:\.[\w-]+|\.\*|\[(?:\*|''|[\w.-]+)\])+")
_ATTRIBUTE = re.compile(r"((?:data\.)?aws_\w+)\.[\w-]+(?:\[(?:''|[\w.-]+)\])?\.(.+)")
_INDEX = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class _Hole:
    """What is worked out in a document.

    Args:
        inside: the expression.
        is_text: whether it is in quotes.
        stays_text: whether it is a text without quotes, too.
    """

    inside: Interpolation
    is_text: bool
    stays_text: bool


def is_policy(kind: str, type_name: str, path: str) -> bool:
    """Whether an attribute of a type holds a policy document, by the table of types."""
    return kind == "resource" and path in terraform_type(type_name).policies


def as_document(
    value: str, rename: Rename, *, is_policy: bool, texts: Collection[str] = ()
) -> Node | None:
    """A text as a call of `jsonencode`; `None` where that could come to another value.

    Args:
        value: the text as JSON syntax has it.
        rename: writes the new names.
        is_policy: whether it holds a policy.
        texts: the variables that are texts.

    Raises:
        TemplateError: it is not understood.
    """
    if not value.lstrip().startswith(("{", "[")):
        return None
    holes: list[_Hole] = []
    written = ""
    for part in read_template(valid(value)).parts:
        if isinstance(part, str):
            written += part
            continue
        if not isinstance(part, Interpolation) or _OPEN in value or _CLOSE in value:
            return None
        found = _hole(part, texts, is_text=_in_quotes(written))
        if found is None or (found.is_text and not is_policy):
            return None
        hole = f"{_OPEN}{len(holes)}{_CLOSE}"
        written += hole if found.is_text else f'"{hole}"'
        holes.append(found)
    try:
        document = json.loads(written, object_pairs_hook=_once, parse_float=_refuse)
    except ValueError:
        return None
    if not document or not (is_policy or _canonical(document) == written):
        return None
    return call("jsonencode", _node(document, holes, rename))


def _hole(part: Interpolation, texts: Collection[str], *, is_text: bool) -> _Hole | None:
    """A hole that may stand in a call of `jsonencode`; in quotes, no call that escapes may."""
    if not is_text:
        inside = _encoded(part)
        return None if inside is None else _Hole(inside, is_text, stays_text=False)
    reference = _spelled(part.tokens)
    if not _REFERENCE.fullmatch(reference):
        return None
    return _Hole(part, is_text, _is_text(reference, texts))


def _spelled(tokens: Sequence[Item]) -> str:
    """An expression without white space, `''` for a text that is plain and `?` for another."""
    return "".join(
        item.text.strip() if isinstance(item, Token) else "?" if _escapes(item) else "''"
        for item in tokens
    )


def _escapes(item: Template) -> bool:
    return item.constant is None or "\\" in item.constant


def _is_text(reference: str, texts: Collection[str]) -> bool:
    """Whether a reference is known to be to a text, by the provider's schema."""
    kind, _, name = reference.partition(".")
    if kind == "var":
        return name in texts
    found = _ATTRIBUTE.fullmatch(reference)
    return bool(found) and attribute_kind(found[1], _INDEX.sub(r".\1", found[2])) == "s"


def _in_quotes(written: str) -> bool:
    return len(re.findall(r'(?<!\\)(?:\\\\)*"', written)) % 2 == 1


def _encoded(part: Interpolation) -> Interpolation | None:
    """What a call of `jsonencode` encodes: all else may be no JSON where there are no quotes."""
    if part.tokens[:2] != (Token("jsonencode", is_word=True), Token("(")):
        return None
    inside = part.tokens[2:-1]
    depth = 1
    for item in inside:
        sign = item.text if isinstance(item, Token) else ""
        depth += (sign in ("(", "[", "{")) - (sign in (")", "]", "}"))
        if depth == 0 or (depth == 1 and sign == ","):
            return None
    return Interpolation(inside)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member twice")
    return found


def _refuse(number: str) -> float:
    """Whole numbers keep their digits; of others, `jsonencode` chooses the form."""
    raise ValueError(number)


def _canonical(document: object) -> str | None:
    """The text that `jsonencode` gives; `None` where its form of a control character counts."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if _CONTROL.search(text) or "\\" in text.replace('\\"', "").replace("\\\\", ""):
        return None
    return "".join(_GO.get(sign, sign) for sign in text)


def _node(value: Any, holes: Sequence[_Hole], rename: Rename) -> Node:  # noqa: ANN401 - any JSON value
    if isinstance(value, Mapping):
        return members(
            [
                (_key(name, holes, rename), _node(item, holes, rename))
                for name, item in value.items()
            ]
        )
    if isinstance(value, list):
        return Brackets("[", tuple(_node(item, holes, rename) for item in value))
    return _text(value, holes, rename) if isinstance(value, str) else literal(value)


def _key(name: str, holes: Sequence[_Hole], rename: Rename) -> Node:
    if not _HOLE.search(name):
        return key_of(name)
    made = _text(name, holes, rename)
    return made if isinstance(made, Text) else Brackets("(", (made,))


def _text(value: str, holes: Sequence[_Hole], rename: Rename) -> Node:
    """A text of a document, the references in it put back."""
    pieces = _HOLE.split(value)
    if len(pieces) == 3 and not pieces[0] and not pieces[2]:  # noqa: PLR2004 - a hole, nothing else
        hole = holes[int(pieces[1])]
        made = of_tokens((Template((hole.inside,)),), rename, unwrap=True)
        return made if hole.stays_text or not hole.is_text else call("tostring", made)
    parts: list[str | Interpolation] = []
    for number, piece in enumerate(pieces):
        if number % 2:
            parts.append(holes[int(piece)].inside)
        elif piece:
            parts.append(piece)
    return of_tokens((Template(tuple(parts)),), rename)
