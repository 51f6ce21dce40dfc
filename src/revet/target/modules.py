"""The modules of a configuration: what Terraform would find in each of their folders.

Source of the rules: Terraform, "Files and Configuration Structure", "Override Files" and "Module
Sources"; OpenTofu, "Files and Directories" (`.tofu`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from revet.model.errors import InputError, raised_as
from revet.target.binary import Product
from revet.target.blocks import Block, read_blocks

OVERRIDE_FILE = "~~revet_override.tf.json"
"""Our own override, one in each folder that needs it; it must be the last that Terraform reads."""

SUFFIXES: Mapping[Product, tuple[str, ...]] = {
    "terraform": (".tf", ".tf.json"),
    "opentofu": (".tf", ".tf.json", ".tofu", ".tofu.json"),
}
"""How the names of configuration files end."""

_NAMED_AFTER = {".tf": ".tofu", ".tf.json": ".tofu.json"}
"""Of two files with one name OpenTofu reads the second only."""


@dataclass(frozen=True, slots=True)
class Module:
    """One module, as its folder's files say.

    Args:
        address: `module.a.module.b`; empty for the root.
        directory: its folder, without links.
        blocks: all blocks of its files, those of override files last, in the order of reading.
        registry: host of the registry that sources without a host stand for.
    """

    address: str
    directory: Path
    blocks: tuple[Block, ...]
    registry: str

    def of(self, kind: str) -> Iterator[Block]:
        """Its blocks of one kind.

        Args:
            kind: keyword.
        """
        return (block for block in self.blocks if block.kind == kind)

    @property
    def title(self) -> str:
        """What messages call it."""
        return f"`{self.address}`" if self.address else "the root module"

    def required(self) -> dict[str, str]:
        """Local name of each required provider to its address, `host/namespace/type`.

        Raises:
            InputError: a source is not written out.
        """
        found: dict[str, str] = {}
        for block in self.of("terraform"):
            for requirements in block.inner("required_providers"):
                for name, value in requirements.arguments.items():
                    source = value.fields.get("source")
                    if source is None:
                        found.setdefault(name, provider_address(name, self.registry))
                        continue
                    if not source.is_text:
                        raise InputError(
                            "the source of a provider is not written out",
                            where=requirements.where,
                            got=f"`{name}`: `{source.text}`",
                            expected='a text, as `source = "hashicorp/aws"`',
                            do="write it out",
                        )
                    found[name] = provider_address(str(source.value), self.registry)
        return found

    def providers(self) -> dict[str, str]:
        """Address of each provider that the module uses, to the place that asks for it."""
        places: dict[str, str] = {}
        required = self.required()
        for local, address in required.items():
            places.setdefault(address, f"required_providers of {self.title}: `{local}`")
        for block in self.blocks:
            local = ""
            if block.kind == "provider":
                local = block.labels[0]
            elif block.kind in ("resource", "data", "ephemeral") and block.labels:
                local = block.labels[0].partition("_")[0]
                chosen = block.arguments.get("provider")
                if chosen is not None:
                    local = chosen.text.strip("\"'${} ").partition(".")[0]
            if local and local != "terraform":
                address = required.get(local) or provider_address(local, self.registry)
                places.setdefault(address, block.where)
        return places


def provider_address(source: str, registry: str) -> str:
    """A provider's full address, `host/namespace/type`.

    Args:
        source: as `source` has it, or a local name.
        registry: host that sources without one stand for.
    """
    parts = source.strip().lower().split("/")
    defaults = [registry, "hashicorp"]
    return "/".join([*defaults[: max(0, 3 - len(parts))], *parts])


def _read_module(address: str, directory: Path, product: Product, registry: str) -> Module:
    base, overrides = _module_files(directory, product)
    blocks: list[Block] = []
    for file in (*base, *overrides):
        if file.name != OVERRIDE_FILE:
            blocks.extend(read_blocks(file))
    return Module(address, directory, tuple(blocks), registry)


def _module_files(directory: Path, product: Product) -> tuple[list[Path], list[Path]]:
    """The files of a module that Terraform reads, and those that override them, in its order."""
    suffixes = SUFFIXES[product]
    do = "make it readable, or correct the module's source"
    with raised_as(InputError, "the folder of a module cannot be read", directory, do=do):
        names = sorted((entry.name for entry in os.scandir(directory)), key=os.fsencode)
    base: list[Path] = []
    overrides: list[Path] = []
    present = set(names)
    for name in names:
        suffix = _suffix(name, suffixes)
        if not suffix or name.startswith(".") or (name.startswith("#") and name.endswith("#")):
            continue
        stem = name[: -len(suffix)]
        if product == "opentofu" and stem + _NAMED_AFTER.get(suffix, "\0") in present:
            continue
        if stem != "override" and not stem.endswith("_override"):
            base.append(directory / name)
            continue
        if os.fsencode(name) > os.fsencode(OVERRIDE_FILE) or (
            name != OVERRIDE_FILE and stem == OVERRIDE_FILE.partition(".")[0]
        ):
            raise InputError(
                "an override file that Terraform reads after revet's own",
                where=str(directory / name),
                expected=f"a name that sorts before `{OVERRIDE_FILE}`",
                do="rename it",
            )
        overrides.append(directory / name)
    return base, overrides


def _suffix(name: str, suffixes: tuple[str, ...]) -> str:
    for suffix in sorted(suffixes, key=len, reverse=True):
        if name.endswith(suffix):
            return suffix
    return ""


def read_tree(directory: Path, product: Product, registry: str) -> tuple[Module, ...]:
    """The root module and the modules below it that lie in local folders already.

    Before `init` nothing else is known.

    Args:
        directory: the root module's folder.
        product: which of the two programs will read it.
        registry: host of that program's registry.

    Raises:
        InputError: a folder or file cannot be read without a doubt, or takes the place of our
            override; modules call each other in a circle.
    """
    return tuple(_tree("", directory.resolve(), product, registry, ()))


def _tree(
    address: str, directory: Path, product: Product, registry: str, above: tuple[Path, ...]
) -> Iterator[Module]:
    module = _read_module(address, directory, product, registry)
    yield module
    for name, source in calls(module):
        if not is_local(source):
            continue
        folder = (directory / source).resolve()
        if folder in (*above, directory):
            raise InputError(
                "modules that call each other in a circle",
                where=f"{module.title}: `module.{name}`",
                got=f"`{source}`",
                do="take one of the calls out",
            )
        if folder.is_dir():
            below = f"{address}.module.{name}" if address else f"module.{name}"
            yield from _tree(below, folder, product, registry, (*above, directory))


def calls(module: Module) -> Iterator[tuple[str, str]]:
    """Name and source of each module that a module calls; an override's source counts.

    Args:
        module: the caller.

    Raises:
        InputError: a source is not written out.
    """
    found: dict[str, str] = {}
    for block in module.of("module"):
        source = block.arguments.get("source")
        if source is None:
            continue  # an override of something else
        if not source.is_text:
            raise InputError(
                "the source of a module is not written out",
                where=block.where,
                got=f"`{source.text}`",
                expected="a text",
                do="write it out: what is fetched must be clear before it is fetched",
            )
        found[block.labels[0]] = str(source.value)
    yield from found.items()


def is_local(source: str) -> bool:
    """Whether a module's source is a path relative to its caller.

    Args:
        source: as the configuration has it.
    """
    return source.startswith(("./", "../", ".\\", "..\\"))


def installed_modules(
    directory: Path, data: Path, product: Product, registry: str
) -> tuple[Module, ...]:
    """The root module and every module that `init` has installed or found.

    Args:
        directory: the root module's folder.
        data: Terraform's data folder (`.terraform`, or what `TF_DATA_DIR` names).
        product: which of the two programs has installed them.
        registry: host of that program's registry.

    Raises:
        InputError: as of `read_tree`; Terraform's list of modules cannot be read.
    """
    root = directory.resolve()
    modules = {"": root}
    listing = data / "modules" / "modules.json"
    try:
        content = json.loads(listing.read_bytes())
        for entry in content["Modules"]:
            address = ".".join(f"module.{part}" for part in str(entry["Key"]).split(".") if part)
            modules[address] = (root / entry["Dir"]).resolve()
    except FileNotFoundError:
        if any(True for _ in calls(_read_module("", root, product, registry))):
            raise _no_listing(listing, "no such file") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _no_listing(listing, str(error)) from error
    return tuple(
        _read_module(address, folder, product, registry) for address, folder in modules.items()
    )


def _no_listing(listing: Path, got: str) -> InputError:
    return InputError(
        "Terraform's list of the modules that it has installed cannot be read",
        where=str(listing),
        got=got,
        do="remove the folder, and run this again",
    )
