"""What happens between a configuration and its first plan, so that it stays where it belongs.

Files are read and refused before anything is fetched; what `init` has fetched is read and refused
before anything of it is executed; every configuration of the AWS provider gets our override.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from revet.target.base import Evaluate, Target
from revet.target.blocks import Expression
from revet.target.environment import for_terraform
from revet.target.evaluate import evaluate
from revet.target.events import Event, Observer
from revet.target.modules import Module, calls, installed_modules, is_local, read_tree
from revet.target.permits import (
    Permits,
    locked_providers,
    providers_of,
    require_as_planned,
    require_providers,
    require_provisioners,
)
from revet.target.provider_blocks import write_overrides
from revet.target.terraform import Terraform


def prepare(
    terraform: Terraform,
    target: Target,
    permits: Permits,
    *,
    state: Path,
    root: Path,
    observe: Observer,
) -> None:
    """Read, refuse, override, initialize.

    Args:
        terraform: in the stack's folder.
        target: where the stack lands; started.
        permits: what the user has allowed.
        state: the state file to use, where the target keeps the state in a file.
        root: folder of ours that holds the configuration, with the modules beside it.
        observe: told what `init` fetches, and from where.

    Raises:
        UsageError: the configuration does what it must not do; an account is not confirmed.
        InputError: it cannot be read without a doubt.
        PrerequisiteError: the provider cannot be had; a folder cannot be written to.
        TargetError: Terraform failed.
    """
    binary = terraform.binary
    backend = target.backend_override(state)
    modules = read_tree(terraform.directory, binary.product, binary.registry)
    _require(modules, target, permits, binary.registry)
    _announce(modules, observe)
    ours = (root, terraform.data_folder)
    if backend is None:  # the accounts come first: a backend may lie in one of them
        terraform.init(backend=False)
    else:
        settings = target.provider_settings(modules, _evaluator(terraform, modules))
        write_overrides(modules, settings, backend, ours)
        terraform.init()
    modules = _installed(terraform, target, permits)
    if backend is None:
        observe(Event("pause", "init"))
    settings = target.provider_settings(modules, _evaluator(terraform, modules))
    write_overrides(modules, settings, backend, ours)
    if backend is None:
        observe(Event("resume", "init"))
        terraform.init()
        write_overrides(_installed(terraform, target, permits), settings, backend, ours)


def _installed(terraform: Terraform, target: Target, permits: Permits) -> tuple[Module, ...]:
    binary = terraform.binary
    modules = installed_modules(
        terraform.directory, terraform.data_folder, binary.product, binary.registry
    )
    _require(modules, target, permits, binary.registry)
    locked = locked_providers(terraform.directory)
    require_providers(locked, permits, binary.registry, when="it was fetched and not executed")
    return modules


def _require(modules: Sequence[Module], target: Target, permits: Permits, registry: str) -> None:
    require_providers(providers_of(modules), permits, registry, when="nothing of it was executed")
    require_provisioners(modules, permits)
    target.admit(modules)


def _evaluator(terraform: Terraform, modules: Sequence[Module]) -> Evaluate:
    def work_out(expressions: Mapping[str, Expression]) -> Mapping[str, Any]:
        environment = for_terraform(terraform.environment)
        return evaluate(modules[0], expressions, terraform.binary, environment)

    return work_out


def _announce(modules: Iterable[Module], observe: Observer) -> None:
    """Tell which modules `init` is going to fetch; below them more may come."""
    for module in modules:
        for name, source in calls(module):
            if not is_local(source):
                text = f"init fetches module `{name}` from `{source}`"
                observe(Event("fetch", "init", detail=text))


def require_unchanged(
    plan: Mapping[str, Any], target: Target, permits: Permits, registry: str
) -> None:
    """Hold Terraform's own view of a configuration against what was read from its files.

    Args:
        plan: the plan's JSON.
        target: where it lands.
        permits: what the user has allowed.
        registry: host of the program's registry.

    Raises:
        UsageError: it uses what is not allowed.
        InputError: a provider configuration is not as it was left.
    """
    require_as_planned(plan, permits, registry)
    target.require_plan(plan)
