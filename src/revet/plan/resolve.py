"""From what an expression says to what it means: full addresses, known values, or nothing.

`resolve` replaces variables by what the caller gives, module outputs by their expressions,
`each` and `count` by the instance's own, and names by full instance addresses. What cannot be
followed becomes `Opaque`; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from revet.model.work import spend
from revet.plan.address import (
    Index,
    Reference,
    join,
    parse_instance,
    parse_reference,
    with_index,
)
from revet.plan.configuration import Configuration, Scope, Written
from revet.plan.expression import (
    Call,
    Derived,
    Every,
    Expression,
    Literal,
    ObjectExpression,
    Opaque,
    Template,
    Traversal,
    TupleExpression,
    inside,
    references,
    step_into,
)
from revet.plan.memory import Memory, is_cycle

# Functions that hand on (one of) what they are given, so that one reference in means the same out.
_PASSING = frozenset(
    (
        "coalesce",
        "compact",
        "concat",
        "distinct",
        "element",
        "flatten",
        "nonsensitive",
        "one",
        "sensitive",
        "sort",
        "tolist",
        "toset",
        "tostring",
        "try",
    )
)


class Resolver:
    """Resolves expressions of one plan.

    Args:
        configuration: the plan's configuration.
        instances: for each address without its last index (`module.m["a"].aws_s3_bucket.b`), the
            indices that the plan has.
        modules: for each module address without its last index, the indices that the plan has.

    Attributes:
        sources: what the sources say, where there are some.
    """

    def __init__(
        self,
        configuration: Configuration,
        instances: Mapping[str, Sequence[Index]],
        modules: Mapping[str, Sequence[Index]],
    ) -> None:
        self._configuration = configuration
        self._instances = instances
        self._modules = modules
        self._sets: dict[str, frozenset[Index]] = {}
        self._all: dict[tuple[str, str], Expression] = {}
        self.memory = Memory()
        self.sources: Written | None = None

    def complete(self) -> None:
        """Forget what was resolved before all instances and modules were known."""
        self._sets.clear()
        self._all.clear()
        self.memory.clear()
        if self.sources is not None:
            self.sources.complete()

    def resolve(self, expression: Expression, scope: Scope) -> Expression:
        """Resolve an expression.

        Args:
            expression: as the configuration has it.
            scope: from where it is looked at.

        Returns:
            the same with full addresses; `Traversal` where it is exactly one attribute of one
            instance, `Derived` where it is made of exactly one, `Opaque` where it cannot be told.
        """
        spend()
        found: Expression = expression
        match expression:
            case Traversal(text):
                found = self._traversal(text, scope)
            case Opaque("", names):
                found = self._listed(names, scope)
            case Opaque(text, names):
                found = self._gathered(text, names, scope)
            case Every(text):
                found = self._every(text, scope)
            case Template() | TupleExpression() | Call() | ObjectExpression():
                found = self._composed(expression, scope)
            case Literal() | Derived():
                pass
        return found

    def _composed(self, expression: Expression, scope: Scope) -> Expression:
        """What is made of other expressions, each of them resolved."""

        def of(items: Sequence[Expression]) -> tuple[Expression, ...]:
            return tuple(self.resolve(item, scope) for item in items)

        match expression:
            case Template(parts):
                return _joined(of(parts))
            case TupleExpression(items):
                return TupleExpression(of(items))
            case Call(name, items):
                return _call(name, of(items))
            case ObjectExpression(members):
                return ObjectExpression(
                    tuple(
                        (self.resolve(key, scope), self.resolve(value, scope))
                        for key, value in members
                    )
                )
            case _:
                return expression

    def _every(self, text: str, scope: Scope) -> Expression:
        found = self._traversal(text, scope)
        names = references(found)
        if isinstance(found, Traversal) or len(names) > 1:
            return TupleExpression(tuple(map(Traversal, names)))
        return found

    def _gathered(self, text: str, names: Sequence[str], scope: Scope) -> Opaque:
        """What is only known by its references; a cycle among them is kept."""
        found: dict[str, None] = {}
        for name in names:
            one = self._traversal(name, scope)
            if is_cycle(one):
                return one
            found.update(dict.fromkeys(references(one)))
        return Opaque(text, tuple(found))

    def _listed(self, names: Sequence[str], scope: Scope) -> Expression:
        """HCL syntax: only references are left; exactly one of them tells something."""
        own = [
            name
            for name in names
            if name not in ("each.key", "count.index") and not self._is_switch(name, scope)
        ]
        if len(own) != 1:
            return self._gathered("", names, scope)
        found = self._traversal(own[0], scope, same=len(names) > 1)
        if isinstance(found, Traversal):
            return Derived(found.text)
        if isinstance(found, Literal):
            return Opaque("", ())
        return found

    def _is_switch(self, name: str, scope: Scope) -> bool:
        """Whether a reference is a known boolean: a condition, which is no part of the value."""
        if not name.startswith("var."):
            return False
        found = self._traversal(name, scope)
        return isinstance(found, Literal) and isinstance(found.value, bool)

    def _traversal(self, text: str, scope: Scope, *, same: bool = False) -> Expression:
        reference = parse_reference(text)
        match reference.root:
            case "resource" | "data":
                return self._instance(reference, scope, same=same)
            case "var":
                return _part(self._variable(reference, scope), reference)
            case "local":
                return self._local(reference, text, scope)
            case "module":
                return self._output(reference, scope, same=same)
            case "each" | "count":
                return self._repeated(reference, text, scope)
            case _:
                return Opaque(text, (text,))

    def _instance(self, reference: Reference, scope: Scope, *, same: bool) -> Expression:
        base = join(scope.module, reference.name)
        indices = self._instances.get(base, ())
        if same and not reference.key and reference.index is None and not self._has(base, None):
            reference = Reference(
                reference.root, reference.name, scope.index, "", reference.attribute
            )
        chosen = self._chosen(reference, base, indices, scope)
        if len(chosen) == 1:
            return Traversal(join_attribute(with_index(base, chosen[0]), reference.attribute))
        if chosen is indices and indices:
            return self._every_instance(base, reference.attribute)
        text = join_attribute(base, reference.attribute)
        texts = tuple(join_attribute(with_index(base, i), reference.attribute) for i in chosen)
        return Opaque("", texts or (text,))

    def _every_instance(self, base: str, attribute: str) -> Expression:
        """One attribute of all instances of a resource: the same object whoever asks."""
        known = self._all.get((base, attribute))
        if known is None:
            indices = self._instances[base]
            spend(len(indices))
            texts = tuple(join_attribute(with_index(base, i), attribute) for i in indices)
            known = self._all[base, attribute] = Opaque("", texts, alike=True)
        return known

    def _has(self, base: str, index: object) -> bool:
        """Whether a resource or module has an instance with this index."""
        known = self._sets.get(base)
        if known is None:
            found = self._instances.get(base) or self._modules.get(base, ())
            known = self._sets[base] = frozenset(found)
        return index in known

    def _chosen(
        self, reference: Reference, base: str, indices: Sequence[Index], scope: Scope
    ) -> Sequence[Index]:
        """Which instances a reference means; all when that cannot be told."""
        if reference.index is not None:
            return [reference.index] if self._has(base, reference.index) else []
        if reference.key:
            found = self._traversal(reference.key, scope)
            if isinstance(found, Literal):
                value = found.value
                own = isinstance(value, str | int) and self._has(base, value)
                return [value] if own and isinstance(value, str | int) else []
        return indices

    def _variable(self, reference: Reference, scope: Scope) -> Expression:
        name = reference.name.removeprefix("var.")
        if scope.module:
            known = self.sources.given(scope.module, name) if self.sources else None
            if known is not None:
                return known
            given = self._configuration.argument(scope.module, name)
            if given is not None:
                return self.memory.follow(
                    ("var", scope.module, name),
                    join_attribute(scope.module, reference.name),
                    lambda: self.resolve(given, self._configuration.call_scope(scope.module)),
                )
        known = self._configuration.default(scope.module, name)
        return known if known is not None else Opaque(reference.name, (reference.name,))

    def _local(self, reference: Reference, text: str, scope: Scope) -> Expression:
        name = reference.name.removeprefix("local.")
        known = self.sources.local(scope.module, name) if self.sources else None
        if known is not None:
            return _part(known, reference)
        given = self._configuration.local(scope.module, name)
        if given is None:
            return Opaque(text, (text,))
        whole = self.memory.follow(
            ("local", scope.module, name),
            join_attribute(scope.module, reference.name),
            lambda: self.resolve(given, Scope(scope.module)),
        )
        return _part(whole, reference)

    def _output(self, reference: Reference, scope: Scope, *, same: bool) -> Expression:
        base = join(scope.module, reference.name)
        indices = self._modules.get(base, (None,))
        repeated = base in self._modules and not self._has(base, None)
        if same and reference.index is None and repeated:
            indices = [scope.index] if self._has(base, scope.index) else []
        else:
            indices = self._chosen(reference, base, indices, scope)
        output, _, rest = reference.attribute.partition(".")
        expression = self._configuration.output(base, output) if output else None
        if expression is None or len(indices) != 1:
            text = join_attribute(base, reference.attribute)
            return Opaque(text, (text,))
        module = with_index(base, indices[0])
        whole = self.memory.follow(
            ("output", module, output),
            join_attribute(module, output),
            lambda: self.resolve(expression, Scope(module)),
        )
        return inside(whole, rest)

    def _repeated(self, reference: Reference, text: str, scope: Scope) -> Expression:
        """`each.key`, `count.index`: the instance's own; `each.value`: what it was made from."""
        if text in ("each.key", "count.index") and scope.index is not None:
            return Literal(scope.index)
        word, _, rest = reference.attribute.partition(".")
        if word != "value" or scope.repeat is None:
            return Opaque(text, (text,))
        return inside(self._each_value(scope), rest)

    def _each_value(self, scope: Scope) -> Expression:
        outer = Scope(scope.module)
        match scope.repeat:
            case Traversal(text):
                return self._traversal(text, Scope(scope.module, scope.index), same=True)
            case Opaque("", names):
                inner = Scope(scope.module, scope.index)
                found = self._listed((*names, "each.key"), inner)
                if isinstance(found, ObjectExpression):
                    return _member(found, scope)
                return _with_key(found, scope)
            case Call("toset", _):
                return Literal(scope.index)
            case ObjectExpression() as known:
                found = _member(known, scope)
                return self.resolve(found, outer)
            case _:
                names = references(scope.repeat) if scope.repeat else ()
                return self._gathered("each.value", names, outer)


def _part(whole: Expression, reference: Reference) -> Expression:
    """What a reference takes out of a variable or a local value: `var.keys["a"].arn`."""
    if reference.key:
        return Opaque("", references(whole))
    if reference.index is not None:
        whole = step_into(whole, str(reference.index))
    return inside(whole, reference.attribute)


def join_attribute(address: str, attribute: str) -> str:
    """An address with an attribute behind it."""
    return f"{address}.{attribute}" if attribute else address


def _member(known: ObjectExpression, scope: Scope) -> Expression:
    for name, value in known.members:
        if isinstance(name, Literal) and name.value == scope.index:
            return value
    return Opaque("each.value", references(known))


def _with_key(expression: Expression, scope: Scope) -> Expression:
    """Of several instances of one resource, the one with the same key: `for_each` was chained."""
    if not isinstance(expression, Opaque) or expression.text:
        return expression
    parts = [parse_instance(text) for text in expression.references]
    if len({(base, attribute) for base, _, attribute in parts}) != 1:
        return expression
    own = [
        text
        for text, part in zip(expression.references, parts, strict=True)
        if part[1] == scope.index
    ]
    return Derived(own[0]) if len(own) == 1 else expression


def _joined(parts: tuple[Expression, ...]) -> Expression:
    if all(isinstance(part, Literal) for part in parts):
        values = (part.value for part in parts if isinstance(part, Literal))
        return Literal("".join(v if isinstance(v, str) else str(v).lower() for v in values))
    flat: list[Expression] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Template) else (part,))
    return Template(tuple(flat))


def _call(name: str, arguments: tuple[Expression, ...]) -> Expression:
    call = Call(name, arguments)
    found = references(call)
    if name in _PASSING and len(found) == 1 and not _has_opaque(call):
        return Derived(found[0])
    return call


def _has_opaque(expression: Expression) -> bool:
    match expression:
        case Opaque():
            return True
        case Call(_, items) | TupleExpression(items) | Template(items):
            return any(_has_opaque(item) for item in items)
        case _:
            return False
