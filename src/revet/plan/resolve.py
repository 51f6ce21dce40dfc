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
    parse_reference,
    with_index,
)
from revet.plan.composition import called, joined
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
from revet.plan.repetition import index_of, is_set, member, with_key

NO_INSTANCE = Opaque("", ())
"""A reference to a resource that `count` or `for_each` gives no (such) instance: no value."""


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
        self._all: dict[tuple[str, str], Opaque] = {}
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
            instance, `Derived` where it is made of exactly one, `Opaque` where it is not known.
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
                return joined(of(parts))
            case TupleExpression(items):
                return TupleExpression(of(items))
            case Call(name, items):
                return called(name, of(items))
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
        others = bool(text)
        for name in names:
            one = self._traversal(name, scope)
            if is_cycle(one):
                return one
            inside_it = references(one)
            found.update(dict.fromkeys(inside_it))
            several = isinstance(one, Opaque) and not (one.alike or one is NO_INSTANCE)
            others = others or several or not (inside_it or one is NO_INSTANCE)
        return Opaque(text, tuple(found), others=others)

    def _listed(self, names: Sequence[str], scope: Scope) -> Expression:
        """HCL syntax: only references are left; exactly one of them tells something."""
        picks: set[Index] = set()
        own: list[str] = []
        missing = 0
        for name in names:
            found = self._traversal(name, scope)
            if found is NO_INSTANCE:
                missing += 1
            elif name.startswith(("each.", "count.")) and isinstance(found, Literal):
                picks.add(index_of(found))
            elif not self._is_switch(name, scope):
                own.append(name)
        if missing and missing == len(names):
            return NO_INSTANCE
        if len(own) != 1:
            return self._gathered("", names, scope)
        if len(picks) == 1:
            scope = Scope(scope.module, picks.pop(), scope.repeat)
        found = self._traversal(own[0], scope, same=len(names) > 1)
        if isinstance(found, Traversal):
            return Derived(found.text)
        if isinstance(found, Literal):
            return found if found.value is None else Opaque("", (), others=True)
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
        if same and not reference.key and reference.index is None and self._has(base, scope.index):
            reference = Reference(
                reference.root, reference.name, scope.index, "", reference.attribute
            )
        if self._is_without(base, reference.index):
            return NO_INSTANCE
        chosen = self._chosen(reference, base, indices, scope)
        if len(chosen) == 1:
            return Traversal(join_attribute(with_index(base, chosen[0]), reference.attribute))
        if chosen is indices and indices:
            return self._every_instance(base, reference.attribute)
        text = join_attribute(base, reference.attribute)
        texts = tuple(join_attribute(with_index(base, i), reference.attribute) for i in chosen)
        return Opaque("", texts or (text,))

    def _every_instance(self, base: str, attribute: str) -> Opaque:
        """One attribute of all instances of a resource: the same object whoever asks."""
        known = self._all.get((base, attribute))
        if known is None:
            indices = self._instances[base]
            spend(len(indices))
            texts = tuple(join_attribute(with_index(base, i), attribute) for i in indices)
            known = self._all[base, attribute] = Opaque("", texts, alike=True)
        return known

    def _is_without(self, base: str, index: Index) -> bool:
        """Whether a resource is written, but `count` or `for_each` gives it no (such) instance.

        A plan has all that it manages; data sources may be left out of it.
        """
        written = self._configuration.resource(base)
        if written is None or written["mode"] != "managed":
            return False
        return not self._instances.get(base) or (index is not None and not self._has(base, index))

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
        """Which instances a reference means; all when that is not known."""
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
            return Opaque(text, self._behind_local(scope.module) or (text,), others=True)
        whole = self.memory.follow(
            ("local", scope.module, name),
            join_attribute(scope.module, reference.name),
            lambda: self.resolve(given, Scope(scope.module)),
        )
        return _part(whole, reference)

    def _behind_local(self, module: str) -> tuple[str, ...]:
        """All that a local value of a module may be made of; nothing where a plan does not say it.

        A plan lists the attributes that its changes are made of, through local values, too. Those
        that a module sees are its own, those of the modules in it, and what it is given.
        """
        relevant = self._configuration.relevant
        if not relevant:
            return ()
        whole = self.memory.follow(
            ("behind", module), join_attribute(module, "local"), lambda: self._seen_by(module)
        )
        return references(whole)

    def _seen_by(self, module: str) -> Expression:
        found: dict[str, None] = {}
        spend(len(self._configuration.relevant))
        for address, attribute in self._configuration.relevant:
            if not module or address.startswith(f"{module}."):
                if self._instances.get(address) and not self._has(address, None):
                    found.update(dict.fromkeys(self._every_instance(address, attribute).references))
                else:
                    found[join_attribute(address, attribute)] = None
        scope = self._configuration.call_scope(module)
        for given in self._configuration.arguments(module):
            found.update(dict.fromkeys(references(self.resolve(given, scope))))
        return Opaque("", tuple(found))

    def _output(self, reference: Reference, scope: Scope, *, same: bool) -> Expression:
        base = join(scope.module, reference.name)
        indices = self._modules.get(base, (reference.index,))
        repeated = base in self._modules and not self._has(base, None)
        if same and reference.index is None and repeated:
            indices = [scope.index] if self._has(base, scope.index) else []
        elif base in self._modules or reference.key:
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

    def _value_of(self, names: Sequence[str], scope: Scope) -> Expression:
        """The value of an instance, in HCL syntax; a `for_each` without a name is a set."""
        found = self._listed((*names, "each.key"), Scope(scope.module, scope.index))
        if isinstance(found, ObjectExpression):
            return member(found, scope)
        if not names or is_set(found, scope.index):
            return Literal(scope.index)
        return with_key(found, scope)

    def _each_value(self, scope: Scope) -> Expression:
        outer = Scope(scope.module)
        match scope.repeat:
            case Traversal(text):
                found = self._traversal(text, Scope(scope.module, scope.index), same=True)
                if isinstance(found, ObjectExpression):
                    return member(found, scope)
                return Literal(scope.index) if is_set(found, scope.index) else found
            case Opaque("", names):
                return self._value_of(names, scope)
            case Call("toset", _):
                return Literal(scope.index)
            case ObjectExpression() as known:
                found = member(known, scope)
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
