"""Policy documents: what AWS's policy grammar allows, read without loss, with exact places.

Source: IAM User Guide, "Grammar of the IAM JSON policy language". Single values and lists are the
same to AWS and to us; every legal form of `Principal` and `Condition` is taken. What is odd but
still a policy is read as far as it goes and listed under `oddities`, for AWS has findings for it;
only what is no policy at all raises.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from revet.iam.document_json import (
    JsonArray,
    JsonNode,
    JsonObject,
    JsonScalar,
    JsonText,
    PolicyError,
    Position,
    Span,
    parse_json,
)
from revet.iam.document_model import Condition, Oddity, PolicyDocument, Principal, Statement
from revet.iam.document_render import render
from revet.iam.operators import read_operator

__all__ = [
    "Condition",
    "Oddity",
    "PolicyDocument",
    "PolicyError",
    "Position",
    "Principal",
    "Span",
    "Statement",
    "parse_policy",
    "render",
]

ELEMENTS = ("Version", "Id", "Statement")
STATEMENT_ELEMENTS = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)


def parse_policy(source: str | bytes | Mapping[str, Any]) -> PolicyDocument:
    """Read a policy document.

    Args:
        source: JSON as text or UTF-8 bytes, or the same as a mapping (then `text` and spans are
            those of `json.dumps(source)`).

    Raises:
        PolicyError: not UTF-8, not JSON, no object, none of a policy's elements, or too large.
    """
    parsed = parse_json(_text(source))
    root = parsed.root
    if not isinstance(root, JsonObject):
        raise PolicyError(
            "this is not a policy document",
            where="the text as a whole",
            got=_kind(root),
            expected="a JSON object with `Version` and `Statement`",
            do="pass the policy document itself",
        )
    if not any(member.name in ELEMENTS for member in root.members):
        names = ", ".join(f"`{member.name[:40]}`" for member in root.members[:5])
        raise PolicyError(
            "this is not a policy document",
            where="the text as a whole",
            got=f"a JSON object with {names}" if names else "an empty JSON object",
            expected="a JSON object with `Version` and `Statement`",
            do="pass the policy document itself",
        )
    return _DocumentReader(parsed).document(root)


def _text(source: str | bytes | Mapping[str, Any]) -> str:
    if isinstance(source, bytes):
        try:
            return source.decode("utf-8")
        except UnicodeDecodeError as error:
            raise PolicyError(
                "the policy is not UTF-8",
                where=f"byte {error.start}",
                got=f"byte 0x{source[error.start]:02x}",
                expected="UTF-8",
                do="store the policy as UTF-8",
            ) from error
    if isinstance(source, str):
        return source
    try:
        return json.dumps(source, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise PolicyError(
            "the policy cannot be written as JSON",
            got=str(error),
            expected="a mapping of strings, lists and mappings",
            do="pass the policy's JSON text",
        ) from error


def _kind(node: JsonNode) -> str:
    if isinstance(node, JsonObject):
        return "an object"
    if isinstance(node, JsonArray):
        return "an array"
    return "a string" if isinstance(node.value, str) else f"`{node.raw[:40]}`"


class _DocumentReader:
    """Reads one parsed text; collects oddities on the way."""

    __slots__ = ("element", "oddities", "parsed")

    def __init__(self, parsed: JsonText) -> None:
        self.parsed = parsed
        self.oddities: list[Oddity] = []
        self.element = ""

    def odd(self, what: str, node: JsonNode) -> None:
        text = self.parsed.text[node.start : node.end]
        self.oddities.append(Oddity(what, self.parsed.span_of(node), text, self.element))

    def document(self, root: JsonObject) -> PolicyDocument:
        self.names(root, ELEMENTS, "the policy")
        statements = []
        for item in self.items(root.get("Statement")):
            if isinstance(item, JsonObject):
                statements.append(self.statement(item))
            else:
                self.element = "Statement"
                self.odd(f"a statement is {_kind(item)}, not an object", item)
            self.element = ""
        return PolicyDocument(
            version=self.scalar(root.get("Version"), "`Version`"),
            id=self.scalar(root.get("Id"), "`Id`"),
            statements=tuple(statements),
            text=self.parsed.text,
            span=self.parsed.span_of(root),
            json=self.parsed,
            oddities=tuple(self.oddities),
        )

    def names(self, node: JsonObject, known: tuple[str, ...], place: str) -> None:
        for member in node.members:
            if member.name not in known:
                self.odd(f"{place} has an element that no policy has: `{member.name}`", member.key)
        for member in node.duplicates():
            self.element = member.name if known is STATEMENT_ELEMENTS else ""
            self.odd(f"`{member.name}` appears more than once", member.key)
        self.element = ""

    def items(self, node: JsonNode | None) -> tuple[JsonNode, ...]:
        if node is None:
            return ()
        return node.items if isinstance(node, JsonArray) else (node,)

    def scalar(self, node: JsonNode | None, place: str) -> str:
        if node is None:
            return ""
        if isinstance(node, JsonScalar):
            if not isinstance(node.value, str):
                self.odd(f"{place} is {_kind(node)}, not a string", node)
            return node.text
        self.odd(f"{place} is {_kind(node)}, not a string", node)
        return ""

    def strings(self, node: JsonNode | None, place: str, *, typed: bool = True) -> tuple[str, ...]:
        found = []
        for item in self.items(node):
            if not isinstance(item, JsonScalar):
                self.odd(f"{place} holds {_kind(item)}, not a string", item)
                continue
            if item.value is None or (typed and not isinstance(item.value, str)):
                self.odd(f"{place} holds {_kind(item)}, not a string", item)
            found.append(item.text)
        if node is not None and not found:
            self.odd(f"{place} is empty", node)
        return tuple(found)

    def statement(self, node: JsonObject) -> Statement:
        self.names(node, STATEMENT_ELEMENTS, "the statement")

        def element(name: str) -> JsonNode | None:
            self.element = name
            return node.get(name)

        return Statement(
            sid=self.scalar(element("Sid"), "`Sid`"),
            effect=self.scalar(element("Effect"), "`Effect`"),
            actions=self.strings(element("Action"), "`Action`"),
            not_actions=self.strings(element("NotAction"), "`NotAction`"),
            resources=self.strings(element("Resource"), "`Resource`"),
            not_resources=self.strings(element("NotResource"), "`NotResource`"),
            principals=self.principals(element("Principal"), "`Principal`"),
            not_principals=self.principals(element("NotPrincipal"), "`NotPrincipal`"),
            conditions=self.conditions(element("Condition")),
            span=self.parsed.span_of(node),
        )

    def principals(self, node: JsonNode | None, place: str) -> tuple[Principal, ...]:
        if node is None:
            return ()
        if not isinstance(node, JsonObject):
            values = self.strings(node, place)
            if any(value != "*" for value in values):
                self.odd(f'{place} is neither an object nor `"*"`', node)
            return tuple(Principal("*" if value == "*" else "", value) for value in values)
        for member in node.duplicates():
            self.odd(f"`{member.name}` appears more than once", member.key)
        if not node.members:
            self.odd(f"{place} is empty", node)
        grouped: dict[str, list[Principal]] = {}
        for member in node.members:
            values = self.strings(member.value, f"{place} `{member.name}`")
            grouped.setdefault(member.name, []).extend(
                Principal(member.name, value) for value in values
            )
        return tuple(principal for group in grouped.values() for principal in group)

    def conditions(self, node: JsonNode | None) -> tuple[Condition, ...]:
        if node is None:
            return ()
        if not isinstance(node, JsonObject):
            self.odd(f"`Condition` is {_kind(node)}, not an object", node)
            return ()
        for member in node.duplicates():
            self.odd(f"`{member.name}` appears more than once", member.key)
        grouped: dict[str, list[Condition]] = {}
        for operator in node.members:
            if not isinstance(operator.value, JsonObject):
                self.odd(
                    f"`{operator.name}` is {_kind(operator.value)}, not an object", operator.key
                )
                continue
            for member in operator.value.duplicates():
                self.odd(f"`{member.name}` appears more than once", member.key)
            if not operator.value.members and read_operator(operator.name) is None:
                self.odd(f"`{operator.name}` is not a condition operator", operator.key)
            group = grouped.setdefault(operator.name, [])
            for member in operator.value.members:
                values = self.strings(member.value, f"`{member.name}`", typed=False)
                span = self.parsed.span_of(member.key)
                group.append(Condition(operator.name, member.name, values, span))
        return tuple(condition for group in grouped.values() for condition in group)
