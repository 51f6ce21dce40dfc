"""From an app to its synthesized configuration."""

# ruff: noqa: PLC0415 - importing jsii starts Node

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from revet.model.errors import InputError
from revet.synth.lazy import install_lazy_load
from revet.synth.lossy_dictionaries import is_refusing, refuse_lossy_dictionaries
from revet.synth.node import select_node
from revet.synth.signatures import install_signatures

if TYPE_CHECKING:
    import cdktn

TARGET_VERSIONS = {"terraform": ">=1.10.0 <2", "opentofu": ">=1.10.0"}


@dataclass(frozen=True, slots=True)
class SynthesizedStack:
    """One stack as Terraform will read it.

    Args:
        name: the stack's id in its app.
        directory: folder in which Terraform runs.
        json_path: the `cdk.tf.json` in it.
        json: its content.
        dependencies: names of the stacks that must be deployed before it.
    """

    name: str
    directory: Path
    json_path: Path
    json: Mapping[str, Any]
    dependencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Synthesis:
    """What a synthesis wrote.

    Args:
        directory: the output folder, with `manifest.json` in it.
        stacks: by name, in the manifest's order.
        output: what the program printed; empty when it ran in this process.
    """

    directory: Path
    stacks: Mapping[str, SynthesizedStack]
    output: str = ""


def prepare() -> None:
    """Choose the Node that jsii runs on, and set up what jsii lacks; before cdktn is imported.

    Raises:
        PrerequisiteError: there is no Node.js, or no CDK Terrain that we know.
    """
    select_node()
    install_lazy_load()
    refuse_lossy_dictionaries()
    install_signatures()


def new_app(outdir: str | Path | None = None) -> cdktn.App:
    """Make an app whose output works with Terraform and OpenTofu from 1.10 on.

    Args:
        outdir: output folder; made with its parents. By default what `CDKTF_OUTDIR` names, else
            `cdktf.out`.

    Raises:
        PrerequisiteError: there is no Node.js.
    """
    prepare()
    import cdktn

    if outdir is not None:
        Path(outdir).mkdir(parents=True, exist_ok=True)
    return cdktn.App(
        outdir=None if outdir is None else str(outdir),
        context={"targetVersions": dict(TARGET_VERSIONS)},
        stack_traces=False,
    )


def synth(app: cdktn.App) -> Synthesis:
    """Write an app's stacks and read them back.

    Args:
        app: the app, with its stacks.

    Raises:
        InputError: an output cannot be read, or holds an empty block where a value was lost.
        RuntimeError: cdktn refuses the app; its message says why.
    """
    app.synth()
    return read_synthesis(Path(app.outdir), guarded=is_refusing())


def read_synthesis(directory: Path, output: str = "", *, guarded: bool = False) -> Synthesis:
    """Read what a synthesis wrote.

    Args:
        directory: the output folder.
        output: what the program printed meanwhile.
        guarded: the loss guard looked at every call, so that an empty block is meant to be empty.

    Raises:
        InputError: no manifest, no stack, a stack that cannot be read, or, when nobody looked at
            the calls, an empty block in which values may have been lost.
    """
    manifest_path = directory / "manifest.json"
    manifest = _read(manifest_path)
    stacks: dict[str, SynthesizedStack] = {}
    for name, entry in manifest.get("stacks", {}).items():
        path = directory / entry["synthesizedStackPath"]
        content = _read(path)
        for where in () if guarded else empty_blocks(content):
            raise InputError(
                "an empty block in the synthesized configuration: its values may have been lost",
                where=f"{path}: {where}",
                got="`{}` inside a list",
                expected="the block's values",
                do="use the provider package's class of that block instead of a dictionary, or let "
                "revet run the Python file itself: then it looks at every call",
            )
        before = tuple(entry.get("dependencies", ()))
        stacks[name] = SynthesizedStack(name, path.parent, path, content, before)
    if not stacks:
        raise InputError(
            "the synthesis holds no stack",
            where=str(manifest_path),
            got="no entry in `stacks`",
            expected="at least one stack",
            do="make a stack in the app before `synth()`",
        )
    return Synthesis(directory, stacks, output)


def empty_blocks(configuration: Mapping[str, Any]) -> Iterator[str]:
    """Find empty blocks in lists of resources and data sources.

    Args:
        configuration: a synthesized stack.

    Yields:
        Address and path of each. A block without any argument is legitimate where the schema has
        only optional ones (`filter` of an S3 lifecycle rule): those are in `_MAY_BE_EMPTY`.
    """
    for kind in ("resource", "data"):
        for type_name, instances in configuration.get(kind, {}).items():
            for name, body in instances.items():
                for path in _empty(body, ""):
                    if path.rsplit(".", 1)[-1].split("[")[0] not in _MAY_BE_EMPTY:
                        yield f"{type_name}.{name}.{path}"


_MAY_BE_EMPTY = frozenset(
    {
        "all_query_arguments",
        "allow",
        "block",
        "body",
        "captcha",
        "challenge",
        "count",
        "filter",
        "method",
        "none",
        "query_string",
        "uri_path",
    }
)


def _empty(value: object, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key != "//":
                yield from _empty(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            if item == {}:
                yield f"{path}[{number}]"
            else:
                yield from _empty(item, f"{path}[{number}]")


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise InputError(
            "the synthesis did not write what it should",
            where=str(path),
            got="no such file",
            expected="the output of `app.synth()`",
            do="end the program with `app.synth()`, and give `App` no `outdir` of its own",
        ) from error
    except ValueError as error:
        raise InputError(
            "the synthesis cannot be read",
            where=str(path),
            got=str(error),
            expected="JSON",
            do="remove the folder and synthesize again",
        ) from error
    if not isinstance(content, dict):
        raise InputError(
            "the synthesis cannot be read",
            where=str(path),
            got=type(content).__name__,
            expected="a JSON object",
            do="remove the folder and synthesize again",
        )
    return content
