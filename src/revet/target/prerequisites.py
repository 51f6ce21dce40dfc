"""What must be installed before a stack can land anywhere, looked at one by one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from revet.model.errors import PrerequisiteError
from revet.target.binary import Binary, find_terraform
from revet.target.provider_search import find_provider


@dataclass(frozen=True, slots=True)
class Probe:
    """One prerequisite: what was found, and what to do when it is not as it should be.

    Args:
        name: what it is called.
        ok: whether it can be used.
        version: the version found; empty when none was, or when it cannot be seen from here.
        where: where it was found or looked for.
        do: what to do; empty when it is as it should be.
    """

    name: str
    ok: bool
    version: str = ""
    where: str = ""
    do: str = ""


def terraform_probes(environment: Mapping[str, str] | None = None) -> tuple[Probe, ...]:
    """Terraform (or OpenTofu), and the AWS provider that it will install.

    Nothing is installed and nothing is fetched: a provider that would come from the registry
    counts as fine, and the probe says that it takes the network.

    Args:
        environment: where variables are read from; the process's own by default.
    """
    settings = os.environ if environment is None else environment
    try:
        binary = find_terraform(settings)
    except PrerequisiteError as error:
        where = f"{error.where}: {error.got}" if error.got else error.where
        return (
            Probe("Terraform", ok=False, where=where, do=f"{error.what}; {error.do}"),
            Probe("AWS provider", ok=False, where="not looked for", do="needs Terraform first"),
        )
    product, _, version = binary.title.partition(" ")
    terraform = Probe(product, ok=True, version=version, where=f"{binary.path} ({binary.source})")
    return terraform, _provider_probe(binary, settings)


def _provider_probe(binary: Binary, settings: Mapping[str, str]) -> Probe:
    source = find_provider(binary, settings)
    if source.kind == "arguments" and not source.versions:
        return Probe(
            "AWS provider",
            ok=False,
            where=f"TF_CLI_ARGS_init: {source.where}",
            do="name a folder that holds `hashicorp/aws` from 5.100 on and below 7, or unset "
            "`TF_CLI_ARGS_init`",
        )
    where = {
        "arguments": f"{source.where} (TF_CLI_ARGS_init)",
        "configuration": f"as {source.where} says",
        "folder": source.where,
        "mirror": source.where,
        "registry": f"{source.where}; fetched when a stack is first deployed",
    }[source.kind]
    return Probe("AWS provider", ok=True, version=", ".join(source.versions), where=where)
