"""`data.aws_iam_policy_document`, rendered from the plan as the provider would render it.

Source: AWS provider, `aws_iam_policy_document`: statements with the `sid` of an earlier one replace
it; source documents come first, override documents last; `&{…}` is IAM's `${…}`; `effect` is
`Allow` and `version` 2012-10-17 unless set.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

from revet.iam.document import Condition, PolicyDocument, Principal, Statement, parse_policy, render
from revet.model.errors import UnknownValueError
from revet.plan.expression import Expression, Traversal, TupleExpression, references
from revet.plan.resource import Resource
from revet.plan.values import Computed, Undecided


class Recovery(Protocol):
    """Recovers what is behind expressions; see `PolicyReader`."""

    def of_expression(self, expression: Expression, where: str) -> PolicyDocument:
        """A policy, for source and override documents."""

    def value(self, expression: Expression, where: str) -> str:
        """One value, symbols in it."""

    def unknown_value(self, expression: Expression, where: str) -> str:
        """The symbol for a value that certainly is not known yet."""


class DataSourceReader:
    """Renders one data source.

    Args:
        source: the data source's instance.
        recovery: recovers policies and values.
    """

    def __init__(self, source: Resource, recovery: Recovery) -> None:
        self._source = source
        self._recovery = recovery

    def document(self) -> PolicyDocument:
        """The document.

        Raises:
            UnknownValueError: a part of it that decides its meaning is not known.
        """
        known = self._source.get("json")
        if isinstance(known, str):
            return parse_policy(known)
        statements: list[Statement] = []
        version = self._text("version") or "2012-10-17"
        for document in self._documents("source_policy_documents", "source_json"):
            _merge(statements, document.statements)
        _merge(statements, self._statements())
        for document in self._documents("override_policy_documents", "override_json"):
            _merge(statements, document.statements)
        made = PolicyDocument(version, self._text("policy_id"), tuple(statements))
        return parse_policy(render(made))

    def _statements(self) -> list[Statement]:
        blocks = self._source.get("statement")
        if isinstance(blocks, Computed):
            # A block list that is unknown and not written is a dynamic one: nothing computes it.
            raise UnknownValueError(
                f"{self._source.address}.statement",
                why="the statements come from a dynamic block that is known after apply",
                resolve="write the statements out, or make the `for_each` known at plan time",
            )
        return [self._statement(f"statement.{i}") for i in range(len(blocks or ()))]

    def _statement(self, path: str) -> Statement:
        return Statement(
            sid=self._text(f"{path}.sid"),
            effect=self._text(f"{path}.effect") or "Allow",
            actions=self._plain(f"{path}.actions"),
            not_actions=self._plain(f"{path}.not_actions"),
            resources=self._values(f"{path}.resources"),
            not_resources=self._values(f"{path}.not_resources"),
            principals=self._principals(f"{path}.principals"),
            not_principals=self._principals(f"{path}.not_principals"),
            conditions=self._conditions(f"{path}.condition"),
        )

    def _principals(self, path: str) -> tuple[Principal, ...]:
        found: list[Principal] = []
        for i in range(self._count(path)):
            kind = self._text(f"{path}.{i}.type")
            found.extend(
                Principal(kind, value) for value in self._values(f"{path}.{i}.identifiers")
            )
        return tuple(found)

    def _conditions(self, path: str) -> tuple[Condition, ...]:
        merged: dict[tuple[str, str], list[str]] = {}
        for i in range(self._count(path)):
            key = (self._text(f"{path}.{i}.test"), self._text(f"{path}.{i}.variable"))
            merged.setdefault(key, []).extend(self._values(f"{path}.{i}.values"))
        return tuple(Condition(*key, tuple(values)) for key, values in merged.items())

    def _count(self, path: str) -> int:
        blocks = self._source.get(path)
        return len(blocks or ())

    def _text(self, path: str) -> str:
        """A single text whose value decides the meaning: it must be known."""
        value = self._source.get(path)
        if isinstance(value, Computed):
            return ""
        return str(value) if value is not None else ""

    def _plain(self, path: str) -> tuple[str, ...]:
        """A list whose values must be known."""
        value = self._source.get(path)
        if isinstance(value, Computed):
            return ()
        return tuple(str(item) for item in value or ())

    def _values(self, path: str) -> tuple[str, ...]:
        """A list in which symbols may stand for values."""
        value = self._source.get(path)
        if value is None or isinstance(value, Computed):
            return ()
        if isinstance(value, list) and not any(isinstance(item, Undecided) for item in value):
            return tuple(_variables(str(item)) for item in value)
        where = f"{self._source.address}.{path}"
        expression = self._source.expression(path)
        if isinstance(expression, TupleExpression):
            with suppress(UnknownValueError):
                return tuple(_variables(self._recovery.value(i, where)) for i in expression.items)
        if not isinstance(value, list):
            if isinstance(expression, Traversal):
                return (_variables(self._recovery.value(expression, where)),)
            value.refuse()  # nobody knows how many there are: literals may be among them
        found = []
        for item in value:
            if isinstance(item, Undecided):
                if expression is None:
                    item.refuse()
                found.append(self._recovery.unknown_value(expression, where))
            else:
                found.append(_variables(str(item)))
        return tuple(found)

    def _documents(self, several: str, single: str) -> list[PolicyDocument]:
        """The source or override documents, in order."""
        value = self._source.get(several)
        if value is None or isinstance(value, Computed):
            return self._one_document(single)
        where = f"{self._source.address}.{several}"
        expression = self._source.expression(several)
        if isinstance(expression, TupleExpression):
            return [self._recovery.of_expression(item, where) for item in expression.items]
        items = value if isinstance(value, list) else [value]
        unknown = [item for item in items if isinstance(item, Undecided)]
        names = references(expression) if expression is not None else ()
        if len(unknown) != len(names) or not isinstance(value, list):
            for item in unknown:
                item.refuse()
        following = iter(names)
        return [
            self._recovery.of_expression(Traversal(next(following)), where)
            if isinstance(item, Undecided)
            else parse_policy(item)
            for item in items
        ]

    def _one_document(self, path: str) -> list[PolicyDocument]:
        value = self._source.get(path)
        if value is None or isinstance(value, Computed):
            return []
        if isinstance(value, Undecided):
            expression = self._source.expression(path)
            if expression is None:
                value.refuse()
            return [self._recovery.of_expression(expression, f"{self._source.address}.{path}")]
        return [parse_policy(value)]


def _variables(text: str) -> str:
    return text.replace("&{", "${")


def _merge(statements: list[Statement], more: Sequence[Statement]) -> None:
    for statement in more:
        at = next(
            (i for i, old in enumerate(statements) if statement.sid and old.sid == statement.sid),
            None,
        )
        if at is None:
            statements.append(statement)
        else:
            statements[at] = statement
