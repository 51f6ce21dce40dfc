"""What a run may start besides Terraform and the AWS provider: other providers, provisioners."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from revet.model.errors import InputError, UsageError
from revet.target.blocks import read_blocks
from revet.target.modules import Module, provider_address

BUILT_IN = "terraform.io/builtin/terraform"
"""Part of Terraform itself: `terraform_data`, `terraform_remote_state`."""

HARMLESS = ("aws", "random", "null", "time", "tls", "local", "archive")
"""Of `hashicorp`: none of them reaches anything but AWS, which the target answers for."""

LOCK_FILE = ".terraform.lock.hcl"

_ALLOW_PROVIDER = "--allow-provider"
_ALLOW_PROVISIONERS = "--allow-provisioners"


@dataclass(frozen=True, slots=True)
class Permits:
    """What the user has allowed on the command line.

    It never comes from `revet.toml`: a repository must not allow itself anything.

    Args:
        providers: sources, as `datadog/datadog`.
        provisioners: whether provisioners may run.
        functions: whether the embedded AWS may run the functions of a Terraform configuration,
            which are code of whoever wrote it. Those of a program's stack run like the program.
    """

    providers: tuple[str, ...] = ()
    provisioners: bool = False
    functions: bool = False

    def addresses(self, registry: str) -> frozenset[str]:
        """Addresses of all providers that may run.

        Args:
            registry: host that sources without one stand for.
        """
        harmless = {f"{registry}/hashicorp/{name}" for name in HARMLESS}
        allowed = {provider_address(source, registry) for source in self.providers}
        return frozenset({*harmless, *allowed, BUILT_IN})


NOTHING = Permits()


def require_providers(
    places: Mapping[str, str], permits: Permits, registry: str, *, when: str
) -> None:
    """Refuse providers that are neither harmless nor allowed.

    Args:
        places: address of each to the place that asks for it.
        permits: what is allowed.
        registry: host that sources without one stand for.
        when: what they have not done yet, for the message.

    Raises:
        UsageError: there are such.
    """
    allowed = permits.addresses(registry)
    refused = {address: place for address, place in places.items() if address not in allowed}
    if not refused:
        return
    default = f"{registry}/"
    options = " ".join(f"{_ALLOW_PROVIDER} {name.removeprefix(default)}" for name in refused)
    raise UsageError(
        f"a provider that revet does not run without your word; {when}",
        where="; ".join(f"{name.removeprefix(default)}: {at}" for name, at in refused.items()),
        got=", ".join(f"`{name}`" for name in refused),
        expected=", ".join(f"`hashicorp/{name}`" for name in HARMLESS),
        do=f"take it out, or, if you trust it with everything that you can do, `{options}`",
    )


def providers_of(modules: Iterable[Module]) -> dict[str, str]:
    """Address of each provider that modules use, to the place that asks for it.

    Args:
        modules: of one configuration.
    """
    places: dict[str, str] = {}
    for module in modules:
        for address, place in module.providers().items():
            places.setdefault(address, place)
    return places


def locked_providers(directory: Path) -> dict[str, str]:
    """The providers that `init` has installed, by the lock file.

    Args:
        directory: the root module's folder.

    Raises:
        InputError: the lock file cannot be read.
    """
    file = directory / LOCK_FILE
    if not file.is_file():
        return {}
    return {
        block.labels[0]: LOCK_FILE
        for block in read_blocks(file)
        if block.kind == "provider" and block.labels
    }


def require_provisioners(modules: Iterable[Module], permits: Permits) -> None:
    """Refuse provisioners, which run programs on this machine or elsewhere.

    Args:
        modules: of one configuration.
        permits: what is allowed.

    Raises:
        UsageError: there are such, and they are not allowed.
    """
    if permits.provisioners:
        return
    found = [
        (".".join(filter(None, (module.address, *block.labels))), inner.where)
        for module in modules
        for block in module.of("resource")
        for inner in block.inner("provisioner")
    ]
    _refuse_provisioners([f"{address} ({place})" for address, place in found])


def _refuse_provisioners(found: list[str]) -> None:
    if not found:
        return
    raise UsageError(
        "a provisioner, which runs programs that the configuration names",
        where=", ".join(dict.fromkeys(found)),
        expected="no provisioner",
        do=f"take it out, or `{_ALLOW_PROVISIONERS}` if you trust the configuration",
    )


def require_as_planned(plan: Mapping[str, Any], permits: Permits, registry: str) -> None:
    """Hold what Terraform says of its configuration against what is allowed, before an apply.

    Args:
        plan: the plan's JSON.
        permits: what is allowed.
        registry: host that sources without one stand for.

    Raises:
        UsageError: the plan uses a provider or provisioner that is not allowed.
        InputError: the plan does not say.
    """
    configuration = plan.get("configuration")
    if not isinstance(configuration, dict):
        raise InputError(
            "the plan does not say what it was made of",
            where="configuration",
            got=type(configuration).__name__,
            expected="an object",
            do="plan again",
        )
    places = {
        str(entry.get("full_name", "unnamed")): f"provider configuration `{key}`"
        for key, entry in configuration.get("provider_config", {}).items()
    }
    for change in plan.get("resource_changes", ()):
        places.setdefault(str(change.get("provider_name", "unnamed")), str(change.get("address")))
    require_providers(places, permits, registry, when="nothing was applied")
    if not permits.provisioners:
        _refuse_provisioners(list(_provisioned(configuration.get("root_module", {}), "")))


def _provisioned(module: Mapping[str, Any], prefix: str) -> Iterator[str]:
    for resource in module.get("resources", ()):
        if resource.get("provisioners"):
            yield f"{prefix}{resource.get('address')}"
    for name, call in module.get("module_calls", {}).items():
        yield from _provisioned(call.get("module", {}), f"{prefix}module.{name}.")
