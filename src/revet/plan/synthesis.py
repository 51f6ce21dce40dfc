"""What the synthesized configuration says beyond the plan: constructs, paths, source lines."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from revet.model.errors import InputError
from revet.model.finding import SourceLine
from revet.plan.reading import read_source
from revet.plan.shape import kind_of
from revet.plan.strict_json import parse_json

_FRAME = re.compile(r"\(?([^()\s][^()]*?\.py):([0-9]+)(?::[0-9]+)?\)?$")
_OURS = re.compile(r"(?:^|/)(?:site-packages|dist-packages|jsii|node_modules)/|/revet/constructs/")


@dataclass(frozen=True, slots=True)
class Weakened:
    """One default that a construct was told to weaken.

    Args:
        argument: the construct's argument.
        reason: what the user gave as the reason.
        gives_up: ids of the controls whose good state it gives up; None when the record does not
            say, and then it may be any.
    """

    argument: str
    reason: str
    gives_up: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ConstructRecord:
    """One of revet's constructs in a stack.

    Args:
        construct: its name, `s3.Bucket`.
        path: CDK Terrain's path of it.
        resources: configuration addresses of the resources that it made.
        weakened: defaults that it was told to weaken.
        source: the user's line that made it.
    """

    construct: str
    path: str
    resources: tuple[str, ...] = ()
    weakened: tuple[Weakened, ...] = ()
    source: SourceLine | None = None


_REPEATING = frozenset({"count", "for_each"})


@dataclass(frozen=True, slots=True)
class SynthesisFacts:
    """What a synthesized stack says of itself.

    Args:
        version: of revet, at synthesis; empty for a stack without our constructs.
        constructs: our constructs in it.
        backend: `terraform.backend`: backend type to its settings; `terraform.cloud` counts as the
            type `cloud`; empty without one.
        sha256: of the synthesized bytes, in hex.
        paths: configuration address to construct path.
        sources: configuration address to the user's line.
        stack: the stack's name; empty when it is not said.
        locals: local value to what it is made of, as JSON with templates; a plan lacks them.
        addresses: configuration addresses of all resources and data sources.
        repeated: those of them with `count` or `for_each`, which may come to no instance.
        kept: those of them whose `lifecycle` prevents that they are destroyed.
    """

    version: str
    constructs: tuple[ConstructRecord, ...]
    backend: Mapping[str, Any]
    sha256: str
    paths: Mapping[str, str] = field(default_factory=dict, repr=False)
    sources: Mapping[str, SourceLine] = field(default_factory=dict, repr=False)
    stack: str = ""
    locals: Mapping[str, Any] = field(default_factory=dict, repr=False)
    addresses: frozenset[str] = frozenset()
    repeated: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()


def read_synthesis(source: Path | Mapping[str, Any]) -> SynthesisFacts:
    """Read synthesized configuration (`cdk.tf.json`).

    Args:
        source: a path, or the parsed JSON.

    Raises:
        InputError: not there, not JSON, or no synthesized configuration.
    """
    where = str(source) if isinstance(source, Path) else "the given synthesis"
    raw = read_source(source, where, "synthesized configuration")
    data: Any = parse_json(raw, partial(_not_json, where))
    if not isinstance(data, dict) or not {"terraform", "resource", "//"} & data.keys():
        raise _refused(where, "JSON without `terraform` or `resource`")
    for name in ("terraform", "resource", "data"):
        _object(data.get(name, {}), name, where)
    for section in ("resource", "data"):
        for kind, named in data.get(section, {}).items():
            _object(named, f"{section}.{kind}", where)
    paths: dict[str, str] = {}
    top = _object(data.get("//", {}), "//", where)
    ours = _object(top.get("revet", {}), "//.revet", where)
    metadata_of_stack = _object(top.get("metadata", {}), "//.metadata", where)
    constructs = _constructs(ours.get("constructs", []), where)
    sources = {
        address: record.source
        for record in constructs
        if record.source
        for address in record.resources
    }
    for address, metadata in _metadata(data):
        if isinstance(metadata.get("path"), str):
            paths[address] = metadata["path"]
        line = _user_line(metadata.get("stackTrace"))
        if line:
            sources[address] = line
    return SynthesisFacts(
        version=str(ours.get("version", "")),
        constructs=constructs,
        backend=_backend(data.get("terraform", {}), where),
        sha256=hashlib.sha256(raw).hexdigest(),
        paths=paths,
        sources=sources,
        stack=str(metadata_of_stack.get("stackName", "")),
        locals=_locals(data.get("locals")),
        addresses=frozenset(address for address, _ in _blocks(data)),
        repeated=frozenset(
            address
            for address, body in _blocks(data)
            if isinstance(body, Mapping) and not _REPEATING.isdisjoint(body)
        ),
        kept=frozenset(
            address
            for address, body in _blocks(data)
            if isinstance(body, Mapping) and prevents(body.get("lifecycle"))
        ),
    )


def prevents(lifecycle: object) -> bool:
    """Whether a `lifecycle` in JSON syntax, a block or a list of them, prevents a destroy."""
    blocks = lifecycle if isinstance(lifecycle, list) else [lifecycle]
    return any(
        isinstance(one, Mapping) and one.get("prevent_destroy") in (True, "true") for one in blocks
    )


def _backend(terraform: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    cloud = {"cloud": terraform["cloud"]} if terraform.get("cloud") else {}
    return _object(terraform.get("backend") or cloud, "terraform.backend", where)


def _object(value: object, path: str, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _refused(f"{where}: `{path}`", kind_of(value))
    return value


def _not_json(where: str, what: str, got: str) -> NoReturn:
    raise _refused(where, f"a file that {what}: {got}")


def _refused(where: str, got: str) -> InputError:
    return InputError(
        "this is not synthesized configuration",
        where=where,
        got=got,
        expected="the `cdk.tf.json` that the synthesis wrote",
        do="pass the stack's `cdk.tf.json`, or leave it out",
    )


def _locals(given: object) -> Mapping[str, Any]:
    """The local values; JSON syntax takes one block of them or a list of blocks."""
    blocks = given if isinstance(given, list) else [given]
    return {
        name: value
        for block in blocks
        if isinstance(block, Mapping)
        for name, value in block.items()
        if name != "//"
    }


def _blocks(data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each resource and data source, by configuration address."""
    for section, prefix in (("resource", ""), ("data", "data.")):
        for kind, named in data.get(section, {}).items():
            for name, body in named.items():
                if name != "//":
                    yield f"{prefix}{kind}.{name}", body


def _metadata(data: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Each resource's and data source's own `//.metadata`, by configuration address."""
    found = []
    for address, body in _blocks(data):
        note = body.get("//") if isinstance(body, Mapping) else None
        metadata = note.get("metadata") if isinstance(note, Mapping) else None
        if isinstance(metadata, Mapping):
            found.append((address, metadata))
    return found


def _constructs(records: object, where: str) -> tuple[ConstructRecord, ...]:
    place = "//.revet.constructs"
    if not isinstance(records, list):
        raise _refused(f"{where}: `{place}`", kind_of(records))
    return tuple(
        _construct(_object(record, f"{place}[{number}]", where), f"{place}[{number}]", where)
        for number, record in enumerate(records)
    )


def _construct(record: dict[str, Any], place: str, where: str) -> ConstructRecord:
    source = record.get("source")
    if source is not None:
        line = _object(source, f"{place}.source", where).get("line")
        if type(line) is not int:
            raise _refused(f"{where}: `{place}.source.line`", kind_of(line))
    weakened = record.get("weakened") or []
    if not isinstance(weakened, list):
        raise _refused(f"{where}: `{place}.weakened`", kind_of(weakened))
    return ConstructRecord(
        _text(record, "construct", place, where),
        _text(record, "path", place, where),
        _texts(record, "resources", place, where) or (),
        tuple(
            _weakened(_object(item, f"{place}.weakened[{number}]", where), place, where)
            for number, item in enumerate(weakened)
        ),
        SourceLine(_text(source, "file", place, where), source["line"]) if source else None,
    )


def _weakened(item: dict[str, Any], place: str, where: str) -> Weakened:
    here = f"{place}.weakened"
    return Weakened(
        _text(item, "argument", here, where),
        _text(item, "reason", here, where),
        _texts(item, "gives_up", here, where),
    )


def _text(record: Mapping[str, Any], name: str, place: str, where: str) -> str:
    value = record.get(name)
    if not isinstance(value, str):
        raise _refused(f"{where}: `{place}.{name}`", kind_of(value))
    return value


def _texts(record: Mapping[str, Any], name: str, place: str, where: str) -> tuple[str, ...] | None:
    value = record.get(name)
    if value is None:
        return None
    if not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
        raise _refused(f"{where}: `{place}.{name}`", kind_of(value))
    return tuple(value)


def _user_line(trace: object) -> SourceLine | None:
    """The innermost frame of a stack trace that is the user's own Python."""
    if not isinstance(trace, list):
        return None
    for frame in trace:
        match = _FRAME.search(str(frame).strip())
        if match and not _OURS.search(match.group(1).replace("\\", "/")):
            return SourceLine(match.group(1), int(match.group(2)))
    return None
