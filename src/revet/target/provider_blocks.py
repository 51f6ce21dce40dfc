"""The configurations of the AWS provider in a configuration, and our overrides of them.

Terraform merges an override file into the blocks of its folder: an argument takes the override's
value, where null counts as not set, and inner blocks take the place of all of their kind, `dynamic`
ones included. Source: Terraform, "Override Files"; tried with 1.11.4 and provider 5.100.0.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from revet.files import replace_file
from revet.model.errors import InputError, PrerequisiteError, raised_as
from revet.target.backend import relative_path
from revet.target.blocks import Block, Expression
from revet.target.modules import OVERRIDE_FILE, Module, provider_address


@dataclass(frozen=True, slots=True)
class ProviderBlock:
    """One configuration of the AWS provider, all its blocks and overrides put together.

    Args:
        module: the module that holds it.
        local: the provider's local name there.
        alias: empty for the default configuration.
        parts: its blocks, overrides last; none where the configuration is implied.
    """

    module: Module
    local: str
    alias: str
    parts: tuple[Block, ...]

    @property
    def key(self) -> str:
        """As Terraform's plan has it: `aws`, `aws.west`, `module.a:aws`."""
        name = f"{self.local}.{self.alias}" if self.alias else self.local
        return f"{self.module.address}:{name}" if self.module.address else name

    @property
    def where(self) -> str:
        """Where it is written."""
        return self.parts[0].where if self.parts else self.module.title

    @property
    def arguments(self) -> dict[str, Expression]:
        """Name to value, the last one counting."""
        return {name: value for part in self.parts for name, value in part.arguments.items()}

    @property
    def names(self) -> set[str]:
        """Names of its arguments and of its inner blocks."""
        return {
            name
            for part in self.parts
            for name in (*part.arguments, *(block.kind for block in part.blocks))
        }

    def inner(self, kind: str) -> tuple[Block, ...]:
        """Its inner blocks of a kind: those of the last part that has any.

        Args:
            kind: keyword.
        """
        for part in reversed(self.parts):
            if found := part.inner(kind):
                return found
        return ()


def aws_blocks(modules: Iterable[Module]) -> tuple[ProviderBlock, ...]:
    """All configurations of the AWS provider; the root's default is always one of them.

    Args:
        modules: of one configuration, the root first.

    Raises:
        InputError: an alias is not written out.
    """
    found: list[ProviderBlock] = []
    for module in modules:
        parts: dict[tuple[str, str], list[Block]] = {}
        required = module.required()
        if not module.address:
            names = [name for name, address in required.items() if _is_aws(address)]
            parts = {(name, ""): [] for name in names or ["aws"]}
        for block in module.of("provider"):
            local = block.labels[0]
            if _is_aws(required.get(local) or provider_address(local, module.registry)):
                parts.setdefault((local, _alias(block)), []).append(block)
        found += [
            ProviderBlock(module, local, alias, tuple(blocks))
            for (local, alias), blocks in parts.items()
        ]
    return tuple(found)


def _is_aws(address: str) -> bool:
    return address.split("/")[1:] == ["hashicorp", "aws"]


def planned_aws(plan: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The configurations of the AWS provider as a plan has them: key to expressions.

    Args:
        plan: the plan's JSON.
    """
    for key, entry in plan.get("configuration", {}).get("provider_config", {}).items():
        if _is_aws(str(entry.get("full_name", ""))):
            yield key, entry.get("expressions", {})


def _alias(block: Block) -> str:
    alias = block.arguments.get("alias")
    if alias is None:
        return ""
    if not alias.is_text:
        raise InputError(
            "the alias of a provider configuration is not written out",
            where=block.where,
            got=f"`{alias.text}`",
            expected="a text",
            do="write it out",
        )
    return str(alias.value)


Settings = Callable[[ProviderBlock], Mapping[str, Any]]
"""What an override sets in one configuration of the AWS provider."""


def write_overrides(
    modules: Iterable[Module],
    settings: Settings,
    backend: Mapping[str, Any] | None,
    writable: Iterable[Path],
) -> None:
    """Write our override into each module's folder that needs one, and take stale ones away.

    Args:
        modules: of one configuration, the root first.
        settings: what to set in each configuration of the AWS provider.
        backend: as `Target.backend_override` returns it; None leaves the configuration's own.
        writable: folders that are ours to write into, with all that lies below.

    Raises:
        InputError: an override is needed in a folder that is not ours.
        PrerequisiteError: a folder cannot be written to.
    """
    modules = tuple(modules)
    roots = [folder.resolve() for folder in writable]
    content: dict[Path, dict[str, Any]] = {module.directory: {} for module in modules}
    if backend is not None:
        root = modules[0].directory
        content[root]["terraform"] = {"backend": _relative(backend, root)}
    for block in aws_blocks(modules):
        values = dict(settings(block))
        if not values:
            continue
        entry = {"alias": block.alias, **values} if block.alias else values
        providers = content[block.module.directory].setdefault("provider", {})
        listed = providers.setdefault(block.local, [])
        if entry not in listed:
            listed.append(entry)
    for directory, data in content.items():
        ours = any(directory.is_relative_to(root) for root in roots)
        file = directory / OVERRIDE_FILE
        if not ours:
            if data:
                raise _foreign(directory, modules)
            continue
        with writing(file):
            if data:
                replace_file(file, json.dumps(data, indent=2) + "\n")
            else:
                file.unlink(missing_ok=True)


def _relative(backend: Mapping[str, Any], directory: Path) -> dict[str, Any]:
    """A backend whose path is relative: no folder's name above both can begin an expression."""
    return {
        kind: {
            name: relative_path(Path(value), directory)
            if name == "path" and Path(value).is_absolute()
            else value
            for name, value in settings.items()
        }
        for kind, settings in backend.items()
    }


def _foreign(directory: Path, modules: Iterable[Module]) -> InputError:
    names = [module.title for module in modules if module.directory == directory]
    return InputError(
        "a module outside of the working copy configures the AWS provider itself",
        where=f"{', '.join(names)} in {directory}",
        got="a `provider` block",
        expected="provider configurations in the root module, handed on with `providers`",
        do="move the block to the root module, or the module to a path relative to it",
    )


def writing(path: Path) -> AbstractContextManager[None]:
    """Say so when the working folder cannot be written to in the block, as a `PrerequisiteError`.

    Args:
        path: what is written.
    """
    return raised_as(
        PrerequisiteError,
        "the working folder cannot be written to",
        path,
        expected="a folder that the user who runs revet may write to",
        do="make it writable, or choose another folder",
    )
