"""Where Terraform gets the AWS provider from.

What the user has set up comes first. Where nothing is set up, a folder on this machine that holds
the provider is offered to Terraform as a mirror for this one provider; every other provider still
comes from its registry, as the AWS provider does when there is no such folder.

Source of the layouts and of Terraform's own folders: Terraform, "CLI configuration", "Provider
installation", and "Implied local mirror directories".
"""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from revet.target.binary import Binary
from revet.target.environment import CONFIG_FILE, plugin_folders

VERSIONS = ((5, 100), (7, 0))
"""The provider versions that revet supports: at least the first, below the second."""

_PACKED = re.compile(r"terraform-provider-aws_(?P<version>[^_]+)_(?P<platform>\w+)\.zip")

Kind = Literal["arguments", "configuration", "folder", "mirror", "registry"]


@dataclass(frozen=True, slots=True)
class ProviderSource:
    """Where the AWS provider comes from.

    Args:
        kind: `arguments`: the user's `TF_CLI_ARGS_init` names a folder; `configuration`: the
            user's CLI configuration says how providers are installed; `folder`: one of
            Terraform's own plugin folders; `mirror`: another folder that holds it; `registry`.
        where: the folder or file that says so, or the registry's address of the provider.
        versions: versions found there for this machine; empty where they cannot be seen.
    """

    kind: Kind
    where: str
    versions: tuple[str, ...] = ()


def configured_source(binary: Binary, environment: Mapping[str, str]) -> ProviderSource | None:
    """The source that the user, or Terraform itself, has already settled; None when neither has.

    Args:
        binary: whose registry the folders are named after.
        environment: where variables and the home folder are read from.
    """
    for named in plugin_folders(environment):
        return ProviderSource("arguments", named, versions_in(Path(named), binary))
    for file in _configuration_files(binary, environment):
        if file.is_file() and "provider_installation" in file.read_text("utf-8", "replace"):
            return ProviderSource("configuration", str(file))
    for folder in own_folders(environment):
        if versions := versions_in(folder, binary):
            return ProviderSource("folder", str(folder), versions)
    return None


def registry_source(binary: Binary) -> ProviderSource:
    """The registry as source."""
    return ProviderSource("registry", f"{binary.registry}/hashicorp/aws")


def own_folders(environment: Mapping[str, str]) -> tuple[Path, ...]:
    """The plugin folders in which Terraform itself looks."""
    home = Path(environment.get("HOME", "/nonexistent"))
    data_home = Path(environment.get("XDG_DATA_HOME") or home / ".local/share")
    data_dirs = environment.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    folders = [home / ".terraform.d/plugins", data_home / "terraform/plugins"]
    folders += [Path(folder) / "terraform/plugins" for folder in data_dirs.split(":") if folder]
    return tuple(folders)


def versions_in(folder: Path, binary: Binary) -> tuple[str, ...]:
    """Supported versions of the AWS provider that a plugin folder holds for this machine.

    Args:
        folder: with `HOST/hashicorp/aws/…` in it, unpacked or as archives.
        binary: whose registry host is looked for.

    Returns:
        The versions, oldest first; empty when the folder cannot be read.
    """
    provider = folder / binary.registry / "hashicorp" / "aws"
    machine = machine_name()
    found: set[str] = set()
    try:
        for entry in provider.iterdir():
            packed = _PACKED.fullmatch(entry.name)
            if packed and packed["platform"] == machine:
                found.add(packed["version"])
            elif any((entry / machine).glob("terraform-provider-aws*")):
                found.add(entry.name)
    except OSError:
        return ()
    return tuple(sorted((v for v in found if _supported(v)), key=_numbers))


def machine_name() -> str:
    """This machine in the registry's words, `linux_amd64` for example."""
    names = {"x86_64": "amd64", "aarch64": "arm64", "i686": "386", "i386": "386"}
    machine = platform.machine().lower()
    return f"{platform.system().lower()}_{names.get(machine, machine)}"


def mirror_configuration(source: ProviderSource, binary: Binary) -> str:
    """A CLI configuration that takes the AWS provider, and only it, from a folder."""
    address = f"{binary.registry}/hashicorp/aws"
    folder = source.where.replace("\\", "\\\\").replace('"', '\\"')
    return (
        "provider_installation {\n"
        "  filesystem_mirror {\n"
        f'    path    = "{folder}"\n'
        f'    include = ["{address}"]\n'
        "  }\n"
        "  direct {\n"
        f'    exclude = ["{address}"]\n'
        "  }\n"
        "}\n"
    )


def has_own_configuration(binary: Binary, environment: Mapping[str, str]) -> bool:
    """Whether the user has a CLI configuration; ours would replace it, and its credentials."""
    return any(file.is_file() for file in _configuration_files(binary, environment))


def overridden_by(binary: Binary, environment: Mapping[str, str]) -> Path | None:
    """The user's CLI configuration that runs programs in place of providers; None for none.

    Args:
        binary: which of the two programs reads it.
        environment: where variables and the home folder are read from.
    """
    for file in _configuration_files(binary, environment):
        if file.is_file() and "dev_overrides" in file.read_text("utf-8", "replace"):
            return file
    return None


def _configuration_files(binary: Binary, environment: Mapping[str, str]) -> Iterator[Path]:
    named = environment.get(CONFIG_FILE) or environment.get("TERRAFORM_CONFIG")
    if named and Path(named).is_file():
        yield Path(named)
        return
    home = Path(environment.get("HOME", "/nonexistent"))
    if binary.product == "opentofu":
        yield home / ".tofurc"
    yield home / ".terraformrc"


def _supported(version: str) -> bool:
    numbers = _numbers(version)
    return bool(numbers) and VERSIONS[0] <= numbers[:2] < VERSIONS[1]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.split("-", maxsplit=1)[0]))
