"""Evaluating expressions of the sources: what they come to, with references where apply decides.

Nothing runs, and nothing is guessed: what is not known is `Opaque`. Work is bounded: an
expression that takes too many steps or is nested too deep is not evaluated at all.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from revet.model.work import spend
from revet.plan.address import parse_instance
from revet.plan.expression import (
    Expression,
    Literal,
    ObjectExpression,
    Opaque,
    Traversal,
    TupleExpression,
)
from revet.plan.memory import Memory
from revet.plan.source.arguments import MOST_ITEMS
from revet.plan.source.environment import Environment, Lookup, Step
from revet.plan.source.functions import call
from revet.plan.source.operators import operate
from revet.plan.source.symbolic import (
    EvaluationError,
    LimitReached,
    boolean,
    items_of,
    joined,
    object_of,
    opaque,
    text_of,
)
from revet.plan.source.syntax import (
    ITEM,
    Argument,
    Conditional,
    Constant,
    Element,
    For,
    FunctionCall,
    Group,
    Member,
    Name,
    ObjectSyntax,
    Operation,
    SourceError,
    Splat,
    Syntax,
    Text,
    TupleSyntax,
)

_MOST_DEPTH = 120
_MOST_STEPS = 100_000


_FILES = frozenset({"file", "templatefile"})
# Functions that hand on what they are given: a reference stays one, so that it still can be joined.
_PASSING = frozenset(
    (
        "coalesce",
        "compact",
        "concat",
        "distinct",
        "element",
        "flatten",
        "format",
        "formatlist",
        "join",
        "jsonencode",
        "lookup",
        "merge",
        "nonsensitive",
        "one",
        "tolist",
        "tomap",
        "toset",
        "tostring",
        "values",
    )
)


class Evaluator:
    """Evaluates expressions of one plan's sources.

    Args:
        lookup: what references mean.
        memory: what was followed already.
    """

    def __init__(self, lookup: Callable[[Evaluator], Lookup], memory: Memory) -> None:
        self.lookup = lookup(self)
        self._memory = memory
        self._errors: dict[Hashable, Exception] = {}
        self._depth = 0
        self._steps = 0

    def clear(self) -> None:
        """Forget what was evaluated before all instances were known."""
        self._errors.clear()

    def argument(self, argument: Argument, where: Environment) -> Expression | None:
        """What an argument comes to.

        Args:
            argument: of the sources.
            where: it stands.

        Returns:
            its value; `None` where it cannot be evaluated.
        """
        return self.attempt(lambda: self.evaluate(argument.syntax, where))

    def attempt(self, value: Callable[[], Expression]) -> Expression | None:
        """What a computation comes to; `None` where it cannot be done.

        Args:
            value: computes it with this evaluator.
        """
        outermost = not self._depth
        if outermost:
            self._steps = 0
        try:
            return value()
        except EvaluationError:
            return None
        except (LimitReached, SourceError):
            if not outermost:
                raise
            return None

    def follow(self, key: Hashable, name: str, value: Callable[[], Expression]) -> Expression:
        """What a variable, local value or output stands for, evaluated once.

        Raises:
            EvaluationError: Terraform would refuse it.
            LimitReached: it takes too much work.
            SourceError: its form is not understood.
        """
        if key in self._errors:
            raise self._errors[key]
        try:
            return self._memory.follow(key, name, value)
        except (EvaluationError, LimitReached, SourceError) as error:
            self._errors[key] = error
            raise

    def evaluate(self, syntax: Syntax, where: Environment) -> Expression:
        """What an expression comes to.

        Raises:
            EvaluationError: Terraform would refuse it.
            LimitReached: it takes too much work.
            SourceError: its form is not understood.
        """
        spend()
        self._steps += 1
        if self._depth >= _MOST_DEPTH or self._steps > _MOST_STEPS:
            raise LimitReached
        self._depth += 1
        try:
            return self._evaluate(syntax, where)
        finally:
            self._depth -= 1

    def _evaluate(self, syntax: Syntax, where: Environment) -> Expression:
        found: Expression
        match syntax:
            case Constant(value):
                found = Literal(value)
            case Name() | Member() | Element():
                found = self._reference(syntax, where)
            case FunctionCall():
                found = self._call(syntax, where)
            case Conditional():
                found = self._conditional(syntax, where)
            case Operation():
                found = self._operation(syntax, where)
            case _:
                found = self._composed(syntax, where)
        return found

    def _composed(
        self, syntax: Text | Group | TupleSyntax | ObjectSyntax | Splat | For, where: Environment
    ) -> Expression:
        match syntax:
            case Group(source):
                return self.evaluate(source, where)
            case Text(parts):
                return joined(self.evaluate(part, where) for part in parts)
            case TupleSyntax(items):
                return TupleExpression(tuple(self.evaluate(item, where) for item in items))
            case ObjectSyntax(members):
                return self._object(members, where)
            case Splat(source, body):
                return self._splat(self.looked_up(source, where), body, where)
            case For():
                return self._for(syntax, where)

    def _operation(self, syntax: Operation, where: Environment) -> Expression:
        if syntax.operator in ("&&", "||"):
            return self._logic(syntax.operator, syntax.operands, where)
        return operate(syntax.operator, [self.looked_up(item, where) for item in syntax.operands])

    def looked_up(self, syntax: Syntax, where: Environment) -> Expression:
        """What an expression comes to, with the plan's value where it is a reference."""
        return self.lookup.known(self.evaluate(syntax, where))

    def _reference(self, syntax: Syntax, where: Environment) -> Expression:
        steps: list[Step] = []
        source = syntax
        while isinstance(source, (Member, Element)):
            steps.append(source.name if isinstance(source, Member) else source.key)
            source = source.source
        steps.reverse()
        if not isinstance(source, Name):
            return self.walk(self.evaluate(source, where), tuple(steps), where)
        if source.name in where.names:
            return self.walk(where.names[source.name], tuple(steps), where)
        words = [source.name]
        for step in steps:
            if not isinstance(step, str):
                break
            words.append(step)
        return self.lookup.root(tuple(words), tuple(steps), where)

    def walk(self, value: Expression, steps: tuple[Step, ...], where: Environment) -> Expression:
        """What a value has behind some steps.

        Raises:
            EvaluationError: there is nothing.
        """
        for step in steps:
            if isinstance(step, str):
                value = self.lookup.step(value, step)
                continue
            key = self.looked_up(step, where)
            if not isinstance(key, Literal):
                return opaque("element", value, key)
            if isinstance(key.value, bool) or key.value is None:
                raise EvaluationError("not a key")
            value = self.lookup.step(value, _key(key.value))
        return value

    def _object(
        self, members: tuple[tuple[Syntax, Syntax], ...], where: Environment
    ) -> ObjectExpression:
        pairs = []
        for name, value in members:
            key = text_of(self.looked_up(name, where))
            pairs.append((key, self.evaluate(value, where)))
        if all(isinstance(key, Literal) for key, _ in pairs):
            return object_of((str(k.value), v) for k, v in pairs if isinstance(k, Literal))
        return ObjectExpression(tuple(pairs))

    def _call(self, syntax: FunctionCall, where: Environment) -> Expression:
        if syntax.name in ("try", "can"):
            return self._try(syntax, where)
        values = [self.evaluate(item, where) for item in syntax.arguments]
        if syntax.expand:
            last = self.lookup.known(values.pop())
            items = items_of(last)
            if items is None or not isinstance(last, TupleExpression):
                return opaque(syntax.name, *values, last)
            values.extend(item for _, item in items)
        if syntax.name in _FILES:
            return self.lookup.file(syntax.name, tuple(values), where)
        if syntax.name not in _PASSING:
            values = [self.lookup.known(value) for value in values]
        return call(syntax.name, values)

    def _try(self, syntax: FunctionCall, where: Environment) -> Expression:
        for item in syntax.arguments:
            try:
                found = self.evaluate(item, where)
            except EvaluationError:
                continue
            if syntax.name == "try":
                return found
            return opaque("can", found) if isinstance(found, Opaque) else Literal(True)
        if syntax.name == "can":
            return Literal(False)
        raise EvaluationError("no expression of `try` has a value")

    def _conditional(self, syntax: Conditional, where: Environment) -> Expression:
        chosen = boolean(condition := self.looked_up(syntax.condition, where))
        if chosen is not None:
            return self.evaluate(syntax.yes if chosen else syntax.no, where)
        try:
            yes, no = self.evaluate(syntax.yes, where), self.evaluate(syntax.no, where)
        except EvaluationError:
            return opaque("conditional", condition)
        return yes if yes == no else opaque("conditional", yes, no)

    def _logic(self, operator: str, operands: tuple[Syntax, ...], where: Environment) -> Expression:
        deciding = operator == "||"
        values = []
        for operand in operands:
            value = self.looked_up(operand, where)
            known = boolean(value)
            if known is deciding:
                return Literal(deciding)
            if known is None:
                values.append(value)
        return opaque(operator, *values) if values else Literal(not deciding)

    def _splat(self, source: Expression, body: Syntax, where: Environment) -> Expression:
        match source:
            case Literal(None):
                return TupleExpression(())
            case TupleExpression(items):
                elements = items
            case Opaque():
                return opaque("splat", source)
            case Traversal(text) if parse_instance(text)[2]:
                return opaque("splat", source)
            case _:
                elements = (source,)
        return TupleExpression(
            tuple(self.evaluate(body, where.calling(**{ITEM: item})) for item in elements)
        )

    def _for(self, syntax: For, where: Environment) -> Expression:
        each = self.looked_up(syntax.each, where)
        items = items_of(each)
        if items is None:
            return opaque("for", each)
        found: list[tuple[Expression, Expression]] = []
        for key, item in items:
            names = {syntax.item: item, **({syntax.key: key} if syntax.key else {})}
            inner = where.calling(**names)
            if syntax.condition is not None:
                counts = boolean(self.looked_up(syntax.condition, inner))
                if counts is None:
                    return opaque("for", each)
                if not counts:
                    continue
            name = syntax.name
            label = text_of(self.looked_up(name, inner)) if name is not None else Literal(None)
            found.append((label, self.evaluate(syntax.value, inner)))
            if len(found) > MOST_ITEMS:
                raise LimitReached
        if syntax.text:
            return joined(value for _, value in found)
        if syntax.name is None:
            return TupleExpression(tuple(value for _, value in found))
        return _collected(found, grouped=syntax.grouped)


def _collected(found: list[tuple[Expression, Expression]], *, grouped: bool) -> Expression:
    if not all(isinstance(name, Literal) for name, _ in found):
        return opaque("for", *(part for pair in found for part in pair))
    named = [(str(name.value), value) for name, value in found if isinstance(name, Literal)]
    groups: dict[str, list[Expression]] = {}
    for name, value in named:
        groups.setdefault(name, []).append(value)
    if grouped:
        return object_of((name, TupleExpression(tuple(v))) for name, v in groups.items())
    if len(groups) != len(named):
        raise EvaluationError("two elements of one name")
    return object_of(named)


def _key(value: str | float) -> str | int:
    if isinstance(value, str):
        return value
    if not float(value).is_integer():
        raise EvaluationError("not a whole number")
    return int(value)
