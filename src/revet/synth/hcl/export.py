"""From a synthesized stack to one file of HCL."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from revet.model.errors import InputError
from revet.synth.hcl.bodies import Writer, listed, plain
from revet.synth.hcl.concerns import grouped
from revet.synth.hcl.layout import Assignment, Block, Comment, Entry, render
from revet.synth.hcl.lexer import TemplateError
from revet.synth.hcl.names import choose
from revet.synth.hcl.tags import LOCAL, common_tags
from revet.synth.hcl.tree import HEREDOC_END, Heredoc, Node, literal, valid

_RULE = "# " + "-" * 78
_KNOWN = frozenset(
    {
        "//", "terraform", "provider", "variable", "locals", "data", "ephemeral", "resource",
        "module", "output", "moved", "import", "removed",
    }
)  # fmt: skip
_PROSE = 90
_HEAD = (
    "Stack `{name}`, as `revet export hcl` wrote it. Change the program that defines it and export "
    "again: what is changed here is lost then.\n\n"
    "It plans what the synthesized JSON plans, under other addresses. So it needs a state of its "
    "own: on the state of the JSON it would replace everything."
)
_SETTING_BLOCKS = frozenset({"required_providers", "backend", "provider_meta", "cloud"})
_KEYWORDS = frozenset({"experiments", "language"})
_LEFT_OUT = ("moved", "removed")
_NOTE = "Left out: {kinds}, which {mean} nothing without the state of the JSON."
_BACKEND_BLOCKS = {
    "remote": ("workspaces",),
    "kubernetes": ("exec",),
    "oss": ("assume_role",),
    "cos": ("assume_role",),
}
"""What is a block in a backend and no argument.

Source: which of the two `terraform init` takes.
"""


@dataclass(frozen=True, slots=True)
class HclFile:
    """A file of HCL.

    Args:
        text: its content.
        addresses: address in the synthesized JSON to address in the file, of all resources, data
            sources and modules; `output.NAME` of outputs.
        left_out: the kinds of blocks that are not in the file, since they mean nothing without the
            state of the JSON.
    """

    text: str
    addresses: Mapping[str, str]
    left_out: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """What is left out, in a sentence; empty where nothing is."""
        return _note(self.left_out)


def export_hcl(configuration: Mapping[str, Any], name: str) -> HclFile:
    """Write a synthesized stack as one file of HCL, whose plan is that of the JSON.

    Args:
        configuration: the stack's `cdk.tf.json`.
        name: of the stack, for the comment at the file's head.

    Raises:
        InputError: something in it cannot be written as HCL unambiguously.
    """
    export = _Export(configuration, name)
    return HclFile(render(export.entries()), export.writer.names.addresses(), export.left_out)


class _Export:
    def __init__(self, configuration: Mapping[str, Any], name: str) -> None:
        self.configuration = configuration
        self.name = name
        self.left_out = tuple(kind for kind in _LEFT_OUT if listed(configuration.get(kind)))
        names = choose(configuration)
        self.common = common_tags(configuration, names)
        variables = configuration.get("variable", {})
        texts = frozenset(name for name in variables if variables[name].get("type") == "string")
        self.writer = Writer(names, self.common, texts)

    def entries(self) -> list[Entry]:
        unknown = sorted(set(self.configuration) - _KNOWN)
        if unknown:
            raise InputError(
                "the stack cannot be written as HCL",
                where=self.name,
                got=", ".join(f"`{kind}`" for kind in unknown),
                expected="only what revet knows how to write",
                do="take it out of the stack, or use the synthesized JSON",
            )
        found: list[Entry] = [*map(Comment, _head(self.name, self.left_out)), None]
        parts: list[tuple[str, Sequence[Entry]]] = [
            ("Terraform and provider", [*self.terraform(), *self.providers()]),
            ("Variables", list(self.variables())),
            ("Values used throughout", list(self.locals())),
            ("What is looked up", [*self.bodies("data"), *self.bodies("ephemeral")]),
            *self.resources(),
            ("Modules", list(self.modules())),
            ("What is imported", list(self.imports())),
            ("Outputs", list(self.outputs())),
        ]
        for heading, blocks in parts:
            if blocks:
                found += [Comment(_RULE), Comment(f"# {heading}"), Comment(_RULE), None]
            for block in blocks:
                found += [block, None]
        return found

    def terraform(self) -> Iterator[Entry]:
        entries: list[Entry] = []
        blocks: list[Entry] = []
        for kind, value in self.configuration.get("terraform", {}).items():
            if kind in _KEYWORDS:
                entries.append(Assignment(kind, self.writer.references(value)))
                continue
            if kind not in _SETTING_BLOCKS:
                entries += plain({kind: value})
                continue
            for one in listed(value):
                if kind == "required_providers":
                    blocks += [None, Block(kind, plain(one))]
                elif kind == "cloud":
                    blocks += [None, Block(kind, _nested(one, ("workspaces",)))]
                else:
                    blocks += [
                        item
                        for label, body in one.items()
                        for inner in listed(body)
                        for item in (None, _labelled(kind, label, inner))
                    ]
        if entries or blocks:
            yield Block("terraform", [*entries, *(blocks if entries else blocks[1:])])

    def providers(self) -> Iterator[Entry]:
        for name, bodies in self.configuration.get("provider", {}).items():
            for body in listed(bodies):
                with self.at(f"provider.{name}"):
                    yield Block(f'provider "{name}"', self.writer.typed("provider", name, body))

    def variables(self) -> Iterator[Entry]:
        for name, body in self.configuration.get("variable", {}).items():
            with self.at(f"var.{name}"):
                yield Block(f'variable "{name}"', self._variable(body))

    def _variable(self, body: Mapping[str, Any]) -> list[Entry]:
        order = ("description", "type", "default", "sensitive", "nullable", "ephemeral")
        found: list[Entry] = []
        for key in order:
            if key == "type" and key in body:
                found.append(Assignment(key, self.writer.expression(body[key])))
            elif key in body:
                one = described if key == "description" else literal
                found.append(Assignment(key, one(body[key])))
        for one in listed(body.get("validation")):
            arguments = [Assignment(k, self.writer.value(v)) for k, v in one.items()]
            found += [None, Block("validation", list(arguments))]
        self.complete(body, {*order, "validation"})
        return found

    def locals(self) -> Iterator[Entry]:
        entries: list[Entry] = []
        if self.common:
            entries.append(Assignment(LOCAL, self.writer.value(self.common)))
        for name, value in self.configuration.get("locals", {}).items():
            with self.at(f"local.{name}"):
                entries.append(Assignment(self.new("locals", name), self.writer.value(value)))
        if entries:
            yield Block("locals", entries)

    def bodies(self, kind: str) -> Iterator[Entry]:
        for type_name, bodies in self.configuration.get(kind, {}).items():
            for name, body in bodies.items():
                yield self.body(kind, type_name, name, body)

    def body(self, kind: str, type_name: str, name: str, body: Mapping[str, Any]) -> Block:
        where = f"{type_name}.{name}" if kind == "resource" else f"{kind}.{type_name}.{name}"
        with self.at(where):
            new = self.writer.names.new((kind, type_name), name)
            return Block(f'{kind} "{type_name}" "{new}"', self.writer.typed(kind, type_name, body))

    def resources(self) -> Iterator[tuple[str, list[Block]]]:
        for heading, rows in grouped(self.configuration):
            yield heading, [self.body("resource", *row) for row in rows]

    def modules(self) -> Iterator[Entry]:
        for name, body in self.configuration.get("module", {}).items():
            with self.at(f"module.{name}"):
                yield Block(f'module "{self.new("module", name)}"', list(self._module(body)))

    def _module(self, body: Mapping[str, Any]) -> Iterator[Entry]:
        for key, value in body.items():
            if key in ("source", "version"):
                if key == "source" and str(value).startswith("."):
                    raise TemplateError("a module in a folder, which one file cannot hold")
                yield Assignment(key, literal(value))
            elif key in ("providers", "depends_on"):
                yield Assignment(key, self.writer.references(value))
            elif key != "//":
                yield Assignment(key, self.writer.value(value))

    def imports(self) -> Iterator[Entry]:
        for one in listed(self.configuration.get("import")):
            with self.at("import"):
                yield Block("import", list(self._import(one)))

    def _import(self, body: Mapping[str, Any]) -> Iterator[Entry]:
        for key, value in body.items():
            bare = key in ("to", "provider")
            yield Assignment(
                key, self.writer.references(value) if bare else self.writer.value(value)
            )

    def outputs(self) -> Iterator[Entry]:
        for name, body in self.configuration.get("output", {}).items():
            with self.at(f"output.{name}"):
                yield Block(f'output "{name}"', list(self._output(body)))

    def _output(self, body: Mapping[str, Any]) -> Iterator[Entry]:
        known = ("description", "value", "sensitive", "ephemeral", "depends_on")
        for key in known:
            if key not in body:
                continue
            if key == "depends_on":
                yield Assignment(key, self.writer.references(body[key]))
            else:
                ways = {"value": self.writer.value, "description": described}
                yield Assignment(key, ways.get(key, literal)(body[key]))
        for one in listed(body.get("precondition")):
            yield Block(
                "precondition", [Assignment(k, self.writer.value(v)) for k, v in one.items()]
            )
        self.complete(body, {*known, "precondition"})

    def new(self, kind: str, name: str) -> str:
        return self.writer.names.new((kind,), name)

    def complete(self, body: Mapping[str, Any], known: set[str]) -> None:
        unknown = set(body) - known - {"//"}
        if unknown:
            raise TemplateError(f"`{min(unknown)}`, which is not known here")

    def at(self, where: str) -> _At:
        return _At(f"{self.name}: {where}")


class _At:
    """Says where something is that cannot be written."""

    def __init__(self, where: str) -> None:
        self.where = where

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, TemplateError):
            raise InputError(
                "the stack cannot be written as HCL",
                where=self.where,
                got=str(error),
                expected="what can be written unambiguously",
                do="write it in another way in the program, or use the synthesized JSON",
            ) from error


def described(text: Any) -> Node:  # noqa: ANN401 - any JSON value
    """A description: prose is set in lines where it is long, and all else stays as it is."""
    if not isinstance(text, str) or len(text) <= _PROSE:
        return literal(text)
    prose = valid(text)
    lines = textwrap.wrap(prose, _PROSE, break_long_words=False, break_on_hyphens=False)
    is_prose = prose.isprintable() and " ".join(prose.split()) == prose
    return Heredoc(tuple(lines)) if is_prose and HEREDOC_END not in lines else literal(text)


def _labelled(kind: str, label: str, body: Mapping[str, Any]) -> Block:
    blocks = _BACKEND_BLOCKS.get(label, ()) if kind == "backend" else ()
    return Block(f'{kind} "{label}"', _nested(body, blocks))


def _nested(body: Mapping[str, Any], blocks: Sequence[str]) -> list[Entry]:
    found = plain({key: value for key, value in body.items() if key not in blocks})
    for name in blocks:
        for one in listed(body.get(name)):
            found += [None, Block(name, plain(one))]
    return found


def _note(kinds: Sequence[str]) -> str:
    if not kinds:
        return ""
    mean = "mean" if len(kinds) > 1 else "means"
    return _NOTE.format(kinds=" and ".join(f"`{kind}`" for kind in kinds), mean=mean)


def _head(name: str, left_out: Sequence[str]) -> list[str]:
    parts = filter(None, (_HEAD.format(name=name), _note(left_out)))
    said = "\n\n".join(parts).split("\n")
    lines = [line for text in said for line in textwrap.wrap(text, 78) or [""]]
    return [f"# {line}".rstrip() for line in lines]
