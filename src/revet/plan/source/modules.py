"""The modules of a configuration as their sources have them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from revet.plan.source.syntax import Argument, Block, Body, Constant, SourceError

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Module:
    """One module: all files of a folder.

    Args:
        folder: parts of the way from the given folder to it.
        resources: address in the module to block: `aws_s3_bucket.b`, `data.aws_region.r`.
        calls: name to `module` block.
        variables: name to block.
        outputs: name to block.
        locals: name to value.
    """

    folder: tuple[str, ...] = ()
    resources: dict[str, Block] = field(default_factory=dict)
    calls: dict[str, Block] = field(default_factory=dict)
    variables: dict[str, Block] = field(default_factory=dict)
    outputs: dict[str, Block] = field(default_factory=dict)
    locals: dict[str, Argument] = field(default_factory=dict)


def module_of(folder: tuple[str, ...], blocks: Iterable[Block]) -> Module:
    """The module of the blocks of all files of a folder.

    Args:
        folder: parts of the way to it.
        blocks: of all files.

    Raises:
        SourceError: something is declared twice, or without its name.
    """
    module = Module(folder)
    for block in blocks:
        if block.kind == "locals":
            for name, value in block.body.arguments.items():
                _put(module.locals, name, value, value.where)
        elif block.kind == "check":
            for inner in block.body.blocks:
                if inner.kind == "data":
                    _declare(module, inner)
        else:
            _declare(module, block)
    return module


def _declare(module: Module, block: Block) -> None:
    kept = {"module": module.calls, "variable": module.variables, "output": module.outputs}
    if block.kind in ("resource", "data", "ephemeral"):
        prefix = "" if block.kind == "resource" else f"{block.kind}."
        _put(module.resources, prefix + ".".join(_labels(block, 2)), block, block.where)
    elif block.kind in kept:
        _put(kept[block.kind], _labels(block, 1)[0], block, block.where)


def _labels(block: Block, number: int) -> tuple[str, ...]:
    if len(block.labels) != number:
        raise SourceError(block.where, f"a block `{block.kind}` with {len(block.labels)} labels")
    return block.labels


def _put(found: dict[str, _T], name: str, value: _T, where: str) -> None:
    if name in found:
        raise SourceError(where, f"`{name}` is declared twice")
    found[name] = value


def literal(body: Body, name: str) -> object:
    """The constant that an argument is written as; `None` for another expression or none."""
    argument = body.arguments.get(name)
    syntax = argument.syntax if argument is not None else None
    return syntax.value if isinstance(syntax, Constant) else None
