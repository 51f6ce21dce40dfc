"""JSON documents written as text, such as policies, as calls of `jsonencode`.

The call gives a document with its members sorted, which is another text than the one that was
written. So it is used where it comes to the same text, and where the document is a policy: the
provider compares policies as documents.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from revet.plan.terraform_types import terraform_type
from revet.synth.hcl.lexer import Interpolation, Template, Token, read_template
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


def is_policy(kind: str, type_name: str, path: str) -> bool:
    """Whether an attribute of a type holds a policy document, by the table of types."""
    return kind == "resource" and path in terraform_type(type_name).policies


def as_document(value: str, rename: Rename, *, is_policy: bool) -> Node | None:
    """A text as a call of `jsonencode`; `None` where that could come to another value.

    Args:
        value: the text as JSON syntax has it.
        rename: writes the new names.
        is_policy: whether it holds a policy.

    Raises:
        TemplateError: it is not understood.
    """
    if not value.lstrip().startswith(("{", "[")):
        return None
    holes: list[Interpolation] = []
    written = ""
    for part in read_template(valid(value)).parts:
        if isinstance(part, str):
            written += part
            continue
        if not isinstance(part, Interpolation) or _OPEN in value or _CLOSE in value:
            return None
        hole = f"{_OPEN}{len(holes)}{_CLOSE}"
        inside = part if _in_quotes(written) else _encoded(part)
        if inside is None:
            return None
        written += hole if inside is part else f'"{hole}"'
        holes.append(inside)
    try:
        document = json.loads(written, object_pairs_hook=_once, parse_float=_refuse)
    except ValueError:
        return None
    if not document or not (is_policy or _canonical(document) == written):
        return None
    return call("jsonencode", _node(document, holes, rename))


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


def _node(value: Any, holes: list[Interpolation], rename: Rename) -> Node:  # noqa: ANN401 - any JSON value
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


def _key(name: str, holes: list[Interpolation], rename: Rename) -> Node:
    if not _HOLE.search(name):
        return key_of(name)
    made = _text(name, holes, rename)
    return made if isinstance(made, Text) else Brackets("(", (made,))


def _text(value: str, holes: list[Interpolation], rename: Rename) -> Node:
    """A text of a document, the references in it put back."""
    parts: list[str | Interpolation] = []
    for number, piece in enumerate(_HOLE.split(value)):
        if number % 2:
            parts.append(holes[int(piece)])
        elif piece:
            parts.append(piece)
    return of_tokens((Template(tuple(parts)),), rename, unwrap=True)
