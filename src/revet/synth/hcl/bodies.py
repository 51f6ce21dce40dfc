"""From the body of a resource in JSON syntax to the lines that a person would write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from revet.synth.hcl.documents import as_document, is_policy
from revet.synth.hcl.layout import Assignment, Block, Entry, laid_out
from revet.synth.hcl.lexer import TemplateError, read_expression
from revet.synth.hcl.names import Names
from revet.synth.hcl.schema import Schema, schema_of
from revet.synth.hcl.tags import TAGS, with_common
from revet.synth.hcl.tree import Brackets, Node, key_of, literal, members, of_json, of_tokens

_COMMENT = "//"
_FIRST = ("count", "for_each", "provider")
_NAMES = (
    "alias", "name", "name_prefix", "bucket", "identifier", "cluster_identifier", "function_name",
    "description",
)  # fmt: skip
_BARE = ("provider", "depends_on")
_CONDITIONS = ("precondition", "postcondition")
_META_BLOCKS = ("connection", "provisioner", "lifecycle", "dynamic")


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes bodies.

    Args:
        names: the new names.
        common: the tags that `local.common_tags` holds.
        texts: the variables that are texts.
    """

    names: Names
    common: Mapping[str, str]
    texts: frozenset[str] = frozenset()

    def typed(self, kind: str, type_name: str, body: Mapping[str, Any]) -> list[Entry]:
        """The entries of a resource, data source, ephemeral resource or provider.

        Args:
            kind: which of them.
            type_name: Terraform type, or the provider's name.
            body: as JSON syntax has it.

        Raises:
            TemplateError: something in it is not understood, or the schema is not known and does
                matter.
        """
        schema = schema_of(kind, type_name)
        given = {name: value for name, value in body.items() if name != _COMMENT}
        first = [self._meta(name, given[name]) for name in _FIRST if name in given]
        last = [self._meta("depends_on", given["depends_on"])] if given.get("depends_on") else []
        inner = _Inner(self, kind, type_name, schema)
        rest = {name: value for name, value in given.items() if name not in (*_FIRST, "depends_on")}
        return _parted(first, *inner.parts(rest, ""), last)

    def expression(self, text: str) -> Node:
        """An expression written without `${…}`: a reference, a type."""
        return of_tokens(read_expression(text), self.names.rename)

    def value(self, value: Any) -> Node:  # noqa: ANN401 - any JSON value
        """A value whose texts are templates."""
        return of_json(value, self.names.rename)

    def _meta(self, name: str, value: Any) -> Assignment:  # noqa: ANN401 - any JSON value
        return Assignment(name, self.references(value) if name in _BARE else self.value(value))

    def references(self, value: Any) -> Node:  # noqa: ANN401 - any JSON value
        """References that JSON syntax writes as texts, in lists or objects of them too."""
        if isinstance(value, list):
            return Brackets("[", tuple(self.references(item) for item in value))
        if isinstance(value, Mapping):
            return members([(key_of(name), self.references(one)) for name, one in value.items()])
        if isinstance(value, str) and value.startswith("${"):
            return self.value(value)
        return self.expression(value) if isinstance(value, str) else self.value(value)

    def lifecycle(self, body: Mapping[str, Any]) -> list[Entry]:
        """The entries of `lifecycle`: references without quotes, conditions as blocks."""
        found: list[Entry] = []
        for name, value in body.items():
            if name in _CONDITIONS:
                continue
            bare = name in ("ignore_changes", "replace_triggered_by")
            found.append(Assignment(name, self.references(value) if bare else self.value(value)))
        blocks = [
            Block(name, [Assignment(key, self.value(item)) for key, item in one.items()])
            for name in _CONDITIONS
            for one in listed(body.get(name))
        ]
        return _parted(found, *([block] for block in blocks))


@dataclass(frozen=True, slots=True)
class _Inner:
    """Writes what is in one resource."""

    writer: Writer
    kind: str
    type_name: str
    schema: Schema | None

    def parts(self, body: Mapping[str, Any], path: str) -> Iterator[list[Entry]]:
        """Arguments, tags, and each block by itself."""
        short: list[Entry] = []
        long: list[Entry] = []
        tags: list[Entry] = []
        blocks: list[list[Entry]] = []
        for name in sorted(body, key=_rank):
            value = body[name]
            here = f"{path}{name}"
            if name == _COMMENT:
                continue
            if not path and name == "lifecycle":
                blocks += [[Block(name, self.writer.lifecycle(one))] for one in listed(value)]
            elif not path and name in ("connection", "provisioner") and self.kind == "resource":
                blocks += [[block] for block in self.provision(name, value)]
            elif name == "dynamic":
                blocks += [[block] for block in self.dynamic(value, path)]
            elif self.is_block(here, value):
                blocks += [[self.block(name, one, here)] for one in listed(value)]
            else:
                made = Assignment(name, self.argument(name, value, here))
                (tags if name == TAGS else short if _is_short(made) else long).append(made)
        yield short + long
        yield tags
        yield from blocks

    def block(self, name: str, body: Any, path: str) -> Block:  # noqa: ANN401 - any JSON value
        if not isinstance(body, Mapping):
            raise TemplateError(f"`{path}` is a block and no object")
        return Block(name, _parted(*self.parts(body, f"{path}.")))

    def argument(self, name: str, value: Any, path: str) -> Node:  # noqa: ANN401 - any JSON value
        rename = self.writer.names.rename
        if name == TAGS and isinstance(value, Mapping) and path in (TAGS, "default_tags.tags"):
            return with_common(value, self.writer.common, rename)
        if isinstance(value, str):
            policy = is_policy(self.kind, self.type_name, path)
            document = as_document(value, rename, is_policy=policy, texts=self.writer.texts)
            if document is not None:
                return document
        return self.writer.value(value)

    def is_block(self, path: str, value: object) -> bool:
        if self.schema is not None:
            return self.schema.is_block(path)
        items = value if isinstance(value, list) else [value]
        if any(isinstance(item, (Mapping, list)) for item in items):
            raise TemplateError(
                f"whether `{path}` of `{self.type_name}` is a block or an argument is not known"
            )
        return False

    def dynamic(self, value: Any, path: str) -> Iterator[Block]:  # noqa: ANN401 - any JSON value
        """Blocks made of the elements of a list or map."""
        for one in listed(value):
            for name, bodies in one.items():
                for body in listed(bodies):
                    arguments = {k: v for k, v in body.items() if k not in ("content", _COMMENT)}
                    entries: list[Entry] = [
                        Assignment(
                            key,
                            self.writer.references(item)
                            if key == "iterator"
                            else self.writer.value(item),
                        )
                        for key, item in sorted(arguments.items())
                    ]
                    content = [
                        self.block("content", inner, f"{path}{name}")
                        for inner in listed(body.get("content", {}))
                    ]
                    yield Block(f'dynamic "{name}"', _parted(entries, content))

    def provision(self, name: str, value: Any) -> Iterator[Block]:  # noqa: ANN401 - any JSON value
        """`connection`, or `provisioner`, whose name of a program is its label."""
        for one in listed(value):
            if name == "connection":
                yield Block(name, [Assignment(k, self.writer.value(v)) for k, v in one.items()])
                continue
            kinds = one.items() if "type" not in one else [(one["type"], one)]
            for kind, bodies in kinds:
                for body in listed(bodies):
                    yield Block(f'provisioner "{kind}"', list(self._provisioner(body)))

    def _provisioner(self, body: Mapping[str, Any]) -> Iterator[Entry]:
        for key, value in body.items():
            if key in ("when", "on_failure"):
                yield Assignment(key, self.writer.references(value))
            elif key == "connection":
                yield from self.provision(key, value)
            elif key not in ("type", _COMMENT):
                yield Assignment(key, self.writer.value(value))


def listed(value: Any) -> list[Any]:  # noqa: ANN401 - any JSON value
    """The bodies of blocks: JSON syntax takes one, or a list of them."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def plain(body: Mapping[str, Any]) -> list[Entry]:
    """Entries of a body whose texts are no templates."""
    return [Assignment(name, literal(value)) for name, value in body.items() if name != _COMMENT]


def _parted(*parts: Sequence[Entry]) -> list[Entry]:
    """Parts with an empty line between them."""
    found: list[Entry] = []
    for part in parts:
        if part and found:
            found.append(None)
        found.extend(part)
    return found


def _rank(name: str) -> tuple[int, int]:
    if name in _NAMES:
        return (0, _NAMES.index(name))
    return (2, 0) if name == "lifecycle" else (1, 0)


def _is_short(entry: Assignment) -> bool:
    return "\n" not in laid_out(entry.value, len(entry.name) + 5, 1)
