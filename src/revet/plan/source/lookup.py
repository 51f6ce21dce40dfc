"""What references of the sources mean: variables, local values, outputs, resources, `each`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from revet.plan.address import (
    Index,
    join,
    last_index,
    parent_module,
    parse_instance,
    with_index,
    without_indices,
)
from revet.plan.configuration import Scope
from revet.plan.expression import (
    Expression,
    Literal,
    Opaque,
    Traversal,
    TupleExpression,
    constant,
)
from revet.plan.source.arguments import MOST_ITEMS
from revet.plan.source.environment import Environment, Step
from revet.plan.source.evaluate import Evaluator
from revet.plan.source.modules import literal
from revet.plan.source.symbolic import (
    EvaluationError,
    integer,
    items_of,
    member,
    object_of,
    opaque,
)
from revet.plan.source.syntax import Block
from revet.plan.source.variables import converted
from revet.plan.source.world import World

_MODULE = re.compile(r"(?:.*\.)?module\.[A-Za-z_][A-Za-z0-9_-]*(?:\[[^\[\]]*\])?")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*|[0-9]+")


class References:
    """Looks references up.

    Args:
        world: to look them up in.
        evaluator: for what they lead to.
    """

    def __init__(self, world: World, evaluator: Evaluator) -> None:
        self._world = world
        self._evaluator = evaluator
        self._whole: dict[str, Expression] = {}
        self._each: dict[tuple[str, int], Mapping[str, Expression] | None] = {}

    def clear(self) -> None:
        """Forget what was looked up before all instances were known."""
        self._whole.clear()
        self._each.clear()

    def root(
        self, words: tuple[str, ...], steps: tuple[Step, ...], where: Environment
    ) -> Expression:
        """What a reference means.

        Args:
            words: the names it begins with.
            steps: all that is behind the first of them.
            where: it stands.

        Raises:
            EvaluationError: there is no such thing.
        """
        second = words[1] if len(words) > 1 else ""
        match words[0]:
            case "var" if second:
                found = self.variable(second, where.module)
            case "local" if second:
                found = self.local(second, where.module)
            case "each" | "count" if second:
                found = self._repeated(second, where)
            case "path":
                return self._path(second, where)
            case "module" if second:
                base = join(where.module, f"module.{second}")
                return self._instances(base, self._calls(base), steps[1:], where)
            case "data" if len(words) > 2:  # noqa: PLR2004 - type and name
                base = join(where.module, ".".join(words[:3]))
                return self._instances(base, self._resource(base), steps[2:], where)
            case "terraform" | "self" | "ephemeral":
                return Opaque(".".join(words), (".".join(words),))
            case _ if second:
                base = join(where.module, f"{words[0]}.{second}")
                return self._instances(base, self._resource(base), steps[1:], where)
            case _:
                message = f"`{words[0]}` means nothing"
                raise EvaluationError(message)
        return self._evaluator.walk(found, steps[1:], where)

    def _path(self, name: str, where: Environment) -> Expression:
        module = self._world.module(where.module)
        if name == "root":
            return Literal(".")
        if name == "module" and module is not None:
            return Literal("/".join(module.folder) or ".")
        return Opaque(f"path.{name}", (f"path.{name}",))

    def _instances(
        self,
        base: str,
        indices: Sequence[Index] | None,
        steps: tuple[Step, ...],
        where: Environment,
    ) -> Expression:
        """A resource or module, or what is behind it."""
        if indices is None:
            return Opaque(base, (base,))
        if steps and not isinstance(steps[0], str) and None not in indices:
            key = self._evaluator.looked_up(steps[0], where)
            if not isinstance(key, Literal):
                whole = self._all(base, indices)
                return opaque("element", self._evaluator.walk(whole, (), where), key)
            found = self._one(base, indices, key)
            return self._evaluator.walk(found, steps[1:], where)
        return self._evaluator.walk(self._all(base, indices), steps, where)

    def _one(self, base: str, indices: Sequence[Index], key: Literal) -> Expression:
        wanted = key.value
        known = indices if isinstance(indices, frozenset) else frozenset(indices)
        if isinstance(wanted, str) and wanted.isdecimal() and int(wanted) in known:
            wanted = int(wanted)
        if isinstance(wanted, int) and not isinstance(wanted, bool) and str(wanted) in known:
            wanted = str(wanted)
        if isinstance(wanted, (bool, float)) or wanted not in known:
            message = f"`{base}` has no instance `{wanted}`"
            raise EvaluationError(message)
        return Traversal(with_index(base, wanted))

    def _all(self, base: str, indices: Sequence[Index]) -> Expression:
        """All instances: a tuple for `count`, an object for `for_each`, or the only one."""
        found = self._whole.get(base)
        if found is None:
            found = self._whole[base] = self._made(base, indices)
        return found

    def _made(self, base: str, indices: Sequence[Index]) -> Expression:
        if None in indices:
            return Traversal(base)
        keys = [index for index in indices if isinstance(index, str)]
        numbers = [index for index in indices if isinstance(index, int)]
        block = self._block(base)
        if keys or (not numbers and block is not None and "for_each" in block.body.arguments):
            return object_of((key, Traversal(with_index(base, key))) for key in sorted(keys))
        return TupleExpression(tuple(Traversal(with_index(base, i)) for i in sorted(numbers)))

    def _block(self, base: str) -> Block | None:
        """The block of a resource or module call; `None` without sources."""
        module = self._world.module(parent_of(base))
        name = base.removeprefix(parent_of(base)).removeprefix(".")
        if module is None:
            return None
        return module.resources.get(name) or module.calls.get(name.removeprefix("module."))

    def _resource(self, base: str) -> Sequence[Index] | None:
        """The indices of a resource; none where its block asks for none.

        A plan made with `-target` lacks instances too: that it has none is not enough.
        """
        known = self._world.instances.get(base)
        return known if known is not None or self._said(base) != () else ()

    def _calls(self, base: str) -> Sequence[Index] | None:
        """The indices of a module: as its resources have them, or as its call says."""
        known = self._world.calls.get(base)
        return known if known is not None else self._said(base)

    def _said(self, base: str) -> tuple[Index, ...] | None:
        """The indices that a block asks for; `None` where that is not known."""
        block = self._block(base)
        if block is None:
            return None
        where = Environment(parent_of(base))
        arguments = block.body.arguments
        if "for_each" in arguments:
            return _keys(self._evaluator.looked_up(arguments["for_each"].syntax, where))
        if "count" in arguments:
            number = integer(self._evaluator.looked_up(arguments["count"].syntax, where))
            return None if number is None else tuple(range(min(number, MOST_ITEMS)))
        return (None,)

    def variable(self, name: str, module: str) -> Expression:
        """What a variable stands for.

        Args:
            name: of it.
            module: instance address of its module.

        Raises:
            EvaluationError: its value is not known, or is not of its type.
        """
        return self._evaluator.follow(
            ("source var", module, name),
            join(module, f"var.{name}"),
            lambda: self._variable(name, module),
        )

    def _variable(self, name: str, module: str) -> Expression:
        source = self._world.module(module)
        block = source.variables.get(name) if source else None
        text = join(module, f"var.{name}")
        if block and literal(block.body, "sensitive") is True:
            return Opaque(text, (text,))
        default = self._world.configuration.default(module, name)
        value = self._given(name, module) if module else None
        if value is None or (
            value == Literal(None) and block and literal(block.body, "nullable") is False
        ):
            value = default
        if value is None:
            return Opaque(text, (text,))
        kind = block.body.arguments.get("type") if block else None
        return converted(value, kind.syntax if kind else None)

    def _given(self, name: str, module: str) -> Expression | None:
        """What a module call gives for a variable; `None` where it gives nothing."""
        parent = self._world.module(parent_module(module))
        configuration = self._world.configuration
        if parent is None:
            given = configuration.argument(module, name)
            scope = configuration.call_scope(module)
            return None if given is None else self._world.facts.resolve(given, scope)
        block = parent.calls[without_indices(module).rpartition(".")[2]]
        argument = block.body.arguments.get(name)
        if argument is None:
            return None
        repeat = block.body.arguments.get("for_each")
        where = Environment(parent_module(module), last_index(module), repeat)
        return self._evaluator.evaluate(argument.syntax, where)

    def local(self, name: str, module: str) -> Expression:
        """What a local value stands for.

        Args:
            name: of it.
            module: instance address of its module.

        Raises:
            EvaluationError: there is none, or Terraform would refuse it.
        """
        source = self._world.module(module)
        argument = source.locals.get(name) if source else None
        if argument is None:
            message = f"`local.{name}` is not declared"
            raise EvaluationError(message)
        return self._evaluator.follow(
            ("source local", module, name),
            join(module, f"local.{name}"),
            lambda: self._evaluator.evaluate(argument.syntax, Environment(module)),
        )

    def _output(self, module: str, name: str) -> Expression:
        source = self._world.module(module)
        if source is None:
            parent = parent_module(module)
            text = f"{module.removeprefix(parent).removeprefix('.')}.{name}"
            return self._world.facts.resolve(Traversal(text), Scope(parent))
        block = source.outputs.get(name)
        argument = block.body.arguments.get("value") if block else None
        if argument is None:
            message = f"`{module}` has no output `{name}`"
            raise EvaluationError(message)
        return self._evaluator.follow(
            ("source output", module, name),
            join(module, f"output.{name}"),
            lambda: self._evaluator.evaluate(argument.syntax, Environment(module)),
        )

    def _repeated(self, word: str, where: Environment) -> Expression:
        if word in ("key", "index") and where.index is not None:
            return Literal(where.index)
        if word == "value" and where.repeat is not None and isinstance(where.index, str):
            members = self._members(where)
            if members is None:
                each = self._evaluator.evaluate(where.repeat.syntax, _outer(where))
                return opaque("each.value", each)
            if where.index in members:
                return members[where.index]
        return Opaque(f"each.{word}", (f"each.{word}",))

    def _members(self, where: Environment) -> Mapping[str, Expression] | None:
        """What the `for_each` of a block gives, by key; `None` where that is not known."""
        repeat = where.repeat
        if repeat is None:
            return None
        key = (where.module, id(repeat))
        if key not in self._each:
            value = self._evaluator.looked_up(repeat.syntax, _outer(where))
            items = items_of(value)
            found: Mapping[str, Expression] | None = None
            if items is not None:
                pairs = [(self.known(name), item) for name, item in items]
                found = {str(n.value): i for n, i in pairs if isinstance(n, Literal)}
            self._each[key] = found
        return self._each[key]

    def step(self, value: Expression, step: str | int) -> Expression:
        """What a value has under a name or number.

        Args:
            value: any.
            step: name or number.

        Raises:
            EvaluationError: it has nothing there.
        """
        if not isinstance(value, Traversal):
            return member(value, step)
        if _MODULE.fullmatch(value.text):
            return self._output(value.text, str(step))
        known = self._stated(value.text)
        if isinstance(known, (list, dict)):
            return member(constant(known), step)
        if not _WORD.fullmatch(str(step)):
            return opaque("member", value)
        text = f"{value.text}.{step}"
        found = self._stated(text)
        if found is None or (isinstance(found, str) and not _is_data(text)):
            return Traversal(text)
        return constant(found)

    def known(self, value: Expression) -> Expression:
        """The value, looked up in the plan where that states it.

        Args:
            value: any.
        """
        if isinstance(value, Traversal):
            found = self._stated(value.text)
            return value if found is None else constant(found)
        return value

    def _stated(self, text: str) -> object:
        base, index, path = parse_instance(text)
        return self._world.facts.stated(with_index(base, index), path) if path else None

    def file(self, name: str, arguments: tuple[Expression, ...], where: Environment) -> Expression:
        """What `file` or `templatefile` gives.

        Args:
            name: of the function.
            arguments: evaluated.
            where: it stands.
        """
        return self._world.files(name, arguments, where)


def parent_of(base: str) -> str:
    """The module in which a resource or module call stands, from its address."""
    return parent_module(base) if _MODULE.fullmatch(base) else _before(base)


def _before(base: str) -> str:
    return ".".join(base.split(".")[: -3 if _is_data(base) else -2])


def _is_data(text: str) -> bool:
    words = parse_instance(text)[0].split(".")
    return len(words) > 2 and words[-3] == "data"  # noqa: PLR2004 - type and name


def _outer(where: Environment) -> Environment:
    return Environment(where.module)


def _keys(value: Expression) -> tuple[str, ...] | None:
    items = items_of(value)
    keys = [str(key.value) for key, _ in items or () if isinstance(key, Literal)]
    return None if items is None or len(keys) != len(items) else tuple(keys)
