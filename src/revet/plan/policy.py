"""The policy documents in a plan, recovered also where their values are known after apply."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NoReturn

from revet.iam.document import PolicyDocument, PolicyError, parse_policy
from revet.iam.symbol import around_symbols, made_of, symbols
from revet.model.errors import UnknownValueError
from revet.plan.address import parse_instance, with_index
from revet.plan.expression import (
    Call,
    Derived,
    Expression,
    Literal,
    ObjectExpression,
    Opaque,
    Template,
    Traversal,
    TupleExpression,
    origins_of,
    references,
    write,
    write_template,
)
from revet.plan.memory import MOST_DEPTH, cycle_in
from revet.plan.policy_data_source import DataSourceReader
from revet.plan.provider_facts import is_required
from revet.plan.resource import Resource
from revet.plan.values import Computed, Sensitive, Undecided, Unread

_INSIDE_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_LINE = 80
_LATIN = ("aws_iam_", "aws_kms_")
_LAST = "\u00ff"
_CIRCLE = "its configuration refers to itself:"
_RESOLVE = (
    "write the policy in JSON-syntax configuration (CDK Terrain does) or as "
    "`aws_iam_policy_document`, with references to single attributes"
)


class PolicyReader:
    """Reads the policies of one plan; each once.

    Args:
        resources: managed instances by address; may still be filled.
        data: data source instances by address; may still be filled.
    """

    def __init__(self, resources: Mapping[str, Resource], data: Mapping[str, Resource]) -> None:
        self._resources = resources
        self._data = data
        self._read: dict[tuple[str, str], PolicyDocument | UnknownValueError | None] = {}
        self._open: list[str] = []
        self._sensitive: set[tuple[str, str]] = set()
        self._seen: dict[str, None] = {}
        self._times = 0

    def sensitive_reads(self) -> tuple[str, ...]:
        """The sensitive attributes whose policy was read since this was last asked."""
        seen = tuple(self._seen)
        self._seen.clear()
        return seen

    def read(self, resource: Resource, path: str) -> PolicyDocument | None:
        """The policy in an attribute; see `Resource.policy`."""
        key = (resource.address, path)
        if key not in self._read:
            before = self._times
            try:
                with self._opened(f"{resource.address}.{path}"):
                    document = self._recover(resource, path)
                    _check_characters(document, resource.type, f"{resource.address}.{path}")
                    self._read[key] = document
            except UnknownValueError as error:
                self._read[key] = error
            if self._times > before:  # it is made of one that is sensitive
                self._sensitive.add(key)
        found = self._read[key]
        if key in self._sensitive:
            self._times += 1
            self._seen[f"{resource.address}.{path}"] = None
        if isinstance(found, UnknownValueError):
            raise type(found)(found.path, why=found.why, resolve=found.resolve)
        return found

    @contextmanager
    def _opened(self, name: str) -> Iterator[None]:
        """While a policy is made of others, which are made of others, in no circle and no tower."""
        if name in self._open:
            _refuse(name, f"{_CIRCLE} {' → '.join((*self._open[self._open.index(name) :], name))}")
        if len(self._open) >= MOST_DEPTH:
            _refuse(name, f"more than {MOST_DEPTH} policies are made of each other")
        self._open.append(name)
        try:
            yield
        finally:
            self._open.pop()

    def _recover(self, resource: Resource, path: str) -> PolicyDocument | None:
        value = resource.get(path)
        where = f"{resource.address}.{path}"
        if value is None or isinstance(value, Computed):
            return None
        if isinstance(value, Unread):
            value.refuse()
        hidden = resource.sensitive_text(path) if isinstance(value, Sensitive) else None
        text = value if isinstance(value, str) else hidden
        if text is not None and not text.strip() and is_required(resource.type, path):
            _refuse(where, "it is empty, and the provider requires one")
        if isinstance(value, str):
            return parse_policy(value) if value.strip() else None
        if hidden is not None:
            self._sensitive.add((resource.address, path))
            return _hidden(hidden, where) if hidden.strip() else None
        expression = resource.expression(path)
        if expression is None or not isinstance(value, Undecided):
            _refuse(where, "the attribute holds no text, or one that the plan does not show")
        if isinstance(expression, Opaque) and not (expression.text or expression.references):
            value.refuse()  # nothing shows what it is made of
        return self.of_expression(expression, where)

    def of_expression(self, expression: Expression, where: str) -> PolicyDocument:
        """The policy that an expression stands for.

        Args:
            expression: resolved.
            where: for messages.

        Raises:
            UnknownValueError: the plan does not show it.
            PolicyError: it is no policy.
        """
        if circle := cycle_in(expression):
            _refuse(where, f"{_CIRCLE} {circle}")
        if isinstance(expression, (Traversal, Derived)):
            return self._of_reference(expression.text, where)
        text = self._text(expression, where)
        document = parse_policy(text)
        _check(document, where)
        return document

    def _of_reference(self, text: str, where: str) -> PolicyDocument:
        owner, attribute = self._owner(text)
        if owner is not None and owner.type == "aws_iam_policy_document":
            if attribute in ("json", "minified_json", ""):
                return self._of_data_source(owner)
        elif owner is not None and attribute:
            document = self.read(owner, attribute)
            if document is not None:
                return document
        return _refuse(where, f"`{text}` is known after apply")

    def _of_data_source(self, source: Resource) -> PolicyDocument:
        with self._opened(source.address):
            return DataSourceReader(source, self).document()

    def _text(self, expression: Expression, where: str) -> str:
        """The JSON text of an expression, symbols in it."""
        match expression:
            case Literal(str() as text):
                return text
            case Call("jsonencode", (argument,)):
                return self._json(argument, where)
            case Template(parts):
                return self._template(parts, where)
            case _:
                return _refuse(where, f"`{_short(write(expression))}` is known after apply")

    def _template(self, parts: tuple[Expression, ...], where: str) -> str:
        """A JSON text with interpolations; inside its strings they become symbols."""
        text = ""
        for part in parts:
            if isinstance(part, Literal):
                text += part.value if isinstance(part.value, str) else json.dumps(part.value)
            elif '"' in _INSIDE_STRING.sub("", text):
                text += json.dumps(self._symbol(part, where))[1:-1]
            elif isinstance(part, (Call, TupleExpression, ObjectExpression)):
                inner = part.arguments[0] if isinstance(part, Call) and part.arguments else part
                if isinstance(part, Call) and part.name != "jsonencode":
                    _refuse(where, f"`{_short(write(part))}` is in it outside of a string")
                text += self._json(inner, where)
            else:
                _refuse(where, f"`{_short(write(part))}` is in it outside of a string")
        return text

    def _json(self, expression: Expression, where: str) -> str:
        match expression:
            case Literal(value):
                return json.dumps(value)
            case TupleExpression(items):
                return f"[{', '.join(self._json(item, where) for item in items)}]"
            case ObjectExpression(members):
                pairs = []
                for name, item in members:
                    if not isinstance(name, Literal):
                        _refuse(where, f"a name in it is `{_short(write(name))}`")
                    pairs.append(f"{json.dumps(str(name.value))}: {self._json(item, where)}")
                return f"{{{', '.join(pairs)}}}"
            case _:
                return json.dumps(self.value(expression, where))

    def value(self, expression: Expression, where: str) -> str:
        """One value of a policy as text, symbols in it.

        Args:
            expression: resolved.
            where: for messages.

        Raises:
            UnknownValueError: it may be anything.
        """
        if isinstance(expression, Literal):
            value = expression.value
            return value if isinstance(value, str) else json.dumps(value)
        if isinstance(expression, Template):
            return "".join(self.value(part, where) for part in expression.parts)
        return self._symbol(expression, where)

    def _symbol(self, expression: Expression, where: str) -> str:
        """The symbol for a value that is not known; the value itself where it is."""
        if isinstance(expression, Traversal):
            owner, attribute = self._owner(expression.text)
            known = owner.get(attribute) if owner is not None and attribute else None
            if isinstance(known, (str, int)):
                return known if isinstance(known, str) else json.dumps(known)
        plain = isinstance(expression, (Traversal, Derived)) or (
            isinstance(expression, Opaque) and not expression.text
        )
        if plain and self._are_owned(references(expression)):
            return write_template(expression)
        return _refuse(where, f"`{_short(write(expression))}` in it is known after apply")

    def unknown_value(self, expression: Expression, where: str) -> str:
        """The symbol for a text that certainly is not known yet, whatever it is written with.

        Of a value that may be known, `value` asks for more: a conditional may hide a literal. Here
        also a local value, of which a plan keeps the name alone, is an origin like any other.

        Args:
            expression: resolved.
            where: for messages.

        Raises:
            UnknownValueError: nothing shows what it is made of.
        """
        names = references(expression)
        if cycle_in(expression) or not names:
            return _refuse(where, f"`{_short(write(expression))}` in it is known after apply")
        return f"${{{made_of(origins_of(expression))}}}"

    def _are_owned(self, names: tuple[str, ...]) -> bool:
        return bool(names) and all(self._owner(name)[0] is not None for name in names)

    def _owner(self, text: str) -> tuple[Resource | None, str]:
        """The resource or data source that a reference means, and the attribute."""
        base, index, attribute = parse_instance(text)
        address = with_index(base, index)
        return self._resources.get(address) or self._data.get(address), attribute


def _hidden(text: str, where: str) -> PolicyDocument:
    """Parse a policy that nobody may see; what is wrong with its form is not shown, either."""
    try:
        return parse_policy(text)
    except PolicyError:
        return _refuse(where, "it is marked sensitive, and is not a policy")


def _check(document: PolicyDocument, where: str) -> None:
    """Refuse a document whose meaning hangs on a symbol."""
    for oddity in document.oddities:
        if "${" in oddity.value:
            _refuse(where, f"{oddity.what}: `{_short(oddity.value)}`")
    for statement in document.statements:
        for name, value in (
            ("Effect", statement.effect),
            *(("Action", action) for action in (*statement.actions, *statement.not_actions)),
        ):
            if symbols(value):
                _refuse(where, f"`{name}` is `{_short(value)}`")


def _check_characters(document: PolicyDocument | None, kind: str, where: str) -> None:
    """Refuse a policy that IAM or KMS does not take: one with a character beyond Latin-1.

    Source: IAM API Reference, `PutRolePolicy`, and KMS API Reference, `PutKeyPolicy`: the pattern
    of a policy ends with U+00FF.
    """
    text = document.text if document is not None else ""
    if not kind.startswith(_LATIN) or (text.isascii() and "\\u" not in text):
        return
    for found in _INSIDE_STRING.findall(text):
        strange = max(around_symbols(json.loads(found, strict=False)), default="")
        if strange > _LAST:
            raise UnknownValueError(
                where,
                why=f"AWS takes no U+{ord(strange):04X} in a policy",
                resolve="write another character, or a wildcard in its place",
            )


def _short(text: str) -> str:
    return text if len(text) <= _LINE else f"{text[:_LINE]}…"


def _refuse(where: str, why: str) -> NoReturn:
    raise UnknownValueError(where, why=f"the policy cannot be read: {why}", resolve=_RESOLVE)
