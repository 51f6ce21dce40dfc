"""No remote state, or unencrypted or unlocked.

A plan does not carry the backend, so it is judged from the synthesis. What a rehearsal puts in its
place for the embedded AWS is not in the synthesis, and not judged. Without a synthesis there is
nothing to judge by: the control then keeps silent, so that plans of hand-written configuration can
be judged at all, unless a requirement or a baseline names it; then the answer is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from revet.gate.catalog import control
from revet.model.finding import Outcome, Severity, compliant, noncompliant, unknown
from revet.plan import Inventory, Reading

# Backends that lock by themselves, in services that encrypt whatever they store. Source: Terraform
# language, "Backends"; the storage service's own documentation of encryption at rest.
_BY_THEMSELVES = ("azurerm", "cloud", "gcs", "remote")
_ON_THIS_MACHINE = ("local", "inmem")
_HCP = "app.terraform.io"


@control(
    title="the state is kept remotely, encrypted and locked",
    severity=Severity.HIGH,
    resource=None,
    readings=(Reading.PLAN,),
    required=(
        "the backend is remote; in S3 it names a bucket, sets `encrypt = true`, and locks with "
        "`use_lockfile = true` or a `dynamodb_table`"
    ),
    impact=(
        "the state with all it knows lies on somebody's disk, or two runs at once destroy it, and "
        "with it the knowledge of what is deployed"
    ),
    fix="""terraform {
  backend "s3" {
    bucket       = "example-terraform-state"
    key          = "dev/app.tfstate"
    region       = "us-west-2"
    encrypt      = true
    use_lockfile = true
  }
}""",
    deviations=("unsafe-state",),
    applies=lambda inventory: inventory.synthesis is not None,
)
def rule(inventory: Inventory) -> Outcome:
    """What `terraform init -backend-config` adds later is in no file: missing means unknown."""
    if inventory.synthesis is None:
        return unknown(
            "a plan does not say where the state is kept",
            resolve="pass the synthesized configuration: `--synth cdk.tf.json`",
            paths=("terraform.backend",),
        )
    backends = inventory.synthesis.backend
    if not backends:
        return noncompliant("no backend: the state is a local file", paths=("terraform.backend",))
    [(kind, given)] = backends.items()
    settings = given if isinstance(given, Mapping) else {}
    return _s3(settings) if kind == "s3" else _other(kind, settings)


def _other(kind: str, settings: Mapping[str, Any]) -> Outcome:
    path = f"terraform.backend.{kind}"
    if kind in _ON_THIS_MACHINE:
        return noncompliant(f"the backend is `{kind}`", paths=(path,))
    if kind == "http" and not settings.get("lock_address") and settings.get("address"):
        return noncompliant(
            "the `http` backend has no `lock_address`", paths=(f"{path}.lock_address",)
        )
    if kind in _BY_THEMSELVES and settings.get("hostname") in (None, "", _HCP):
        return compliant(f"the backend is `{kind}`, which encrypts and locks by itself")
    return unknown(
        f"whether the backend `{kind}` encrypts and locks is not in its settings",
        resolve="use the backend `s3`, or waive this with what shows that it does",
        paths=(path,),
    )


def _s3(settings: Mapping[str, Any]) -> Outcome:
    path = "terraform.backend.s3"
    locks = [name for name in ("use_lockfile", "dynamodb_table") if _on(settings.get(name))]
    faults = {"encrypt": "is not encrypted by `encrypt = true`", "use_lockfile": "is not locked"}
    for name, fault in faults.items():
        off = name in settings and not _on(settings[name])
        missing = name not in settings and settings.get("bucket")
        if (off or missing) and not (name == "use_lockfile" and locks):
            return noncompliant(f"the state in S3 {fault}", paths=(f"{path}.{name}",))
    if not settings.get("bucket"):
        return unknown(
            "the bucket of the state is left to `terraform init -backend-config`",
            resolve="write `bucket`, `encrypt` and `use_lockfile` into the configuration",
            paths=(f"{path}.bucket",),
        )
    return compliant(f"in S3, encrypted, locked by `{'` and `'.join(locks)}`")


def _on(value: object) -> bool:
    """Whether a setting is on; Terraform takes a boolean as text too. A name is on when given."""
    return value not in (None, False, "", "false")
