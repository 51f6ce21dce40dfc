"""Audit of a whole account: every resource that a reader finds, judged by the same controls."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from revet.gate.baseline import Baseline
from revet.gate.catalog import Catalog
from revet.gate.judge import judge
from revet.gate.properties import Property
from revet.model.attack import Attack
from revet.model.errors import UsageError
from revet.model.fields import check_name
from revet.model.finding import Origin, Severity
from revet.model.framework import Framework
from revet.model.requirement import RequirementSet
from revet.model.verdict import Verdict, Waiver
from revet.plan import Inventory
from revet.plan.terraform_types import all_types
from revet.verify.api import Api
from revet.verify.identity import base_type, is_form_of_others
from revet.verify.observe import AccountReading, observe
from revet.verify.readers import TypeReader, load_readers

_REGIONS = "ec2:DescribeRegions"
_WHO = "sts:GetCallerIdentity"


@dataclass(frozen=True, slots=True)
class AuditInput:
    """What an account is judged against.

    Args:
        catalog: the controls.
        requirements: rows to gather evidence for.
        baseline: which controls run.
        waivers: findings that somebody answers for.
        fail_on: severities that block.
        today: the day for which waivers must hold.
        without_aws_made: whether what AWS made by itself is left out, such as default groups.
        frameworks: whose rows the verdict speaks of.
        properties: what must hold for all requests, proved over a stack's state.
        attacks: requests and what they must meet with, decided over a stack's state.
    """

    catalog: Catalog
    requirements: RequirementSet | None = None
    baseline: Baseline | None = None
    waivers: Collection[Waiver] = ()
    fail_on: Collection[Severity] = tuple(Severity)
    today: dt.date = dt.date.min
    without_aws_made: bool = False
    frameworks: tuple[Framework, ...] = ()
    properties: tuple[Property, ...] = ()
    attacks: tuple[Attack, ...] = ()

    def judge(self, inventory: Inventory, stack: str, **more: Any) -> Verdict:  # noqa: ANN401
        """The verdict on an inventory.

        Args:
            inventory: what was read.
            stack: what the verdict is on.
            more: what else `revet.gate.judge.judge` takes.

        Raises:
            ConfigError: baseline, requirements or waivers name what does not exist.
        """
        return judge(
            inventory,
            self.catalog,
            requirements=self.requirements,
            waivers=self.waivers,
            baseline=self.baseline,
            fail_on=self.fail_on,
            today=self.today,
            stack=stack,
            frameworks=self.frameworks,
            **more,
        )


def readers_of(services: Collection[str]) -> tuple[TypeReader, ...]:
    """The readers of some services, by boto3's names of them; all when none is named.

    Raises:
        UsageError: nothing is read of a service.
    """
    readers = load_readers()
    known = sorted({reader.service for reader in readers})
    for name in services:
        what = "nothing is read of this service"
        check_name(name, known, what, "--service", kind=UsageError)
    return tuple(reader for reader in readers if not services or reader.service in services)


def unread_types() -> tuple[str, ...]:
    """The types of the table of which nothing is read, neither as they are nor in another form.

    Rules ask for their names, tags or policies only; an account may have any of them.
    """
    read = {base_type(kind) for reader in load_readers() for kind in reader.types}
    return tuple(
        kind for kind in all_types() if base_type(kind) not in read and not is_form_of_others(kind)
    )


def reading_policy(readers: Sequence[TypeReader]) -> dict[str, Any]:
    """The identity policy that lets a role read an account by some readers, and nothing else.

    Returns:
        The policy document, one statement a service.
    """
    needed: dict[str, set[str]] = {"ec2": {_REGIONS}, "sts": {_WHO}}
    for reader in readers:
        for action in reader.actions:
            needed.setdefault(action.partition(":")[0], set()).add(action)
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Read" + "".join(part.capitalize() for part in service.split("-")),
                "Effect": "Allow",
                "Action": sorted(actions),
                "Resource": "*",
            }
            for service, actions in sorted(needed.items())
        ],
    }


def enabled_regions(api: Api) -> tuple[str, ...]:
    """The regions that the account can use, sorted.

    Raises:
        ReadDeniedError: `ec2:DescribeRegions` is not allowed.
    """
    found = api.call("ec2", "describe_regions", AllRegions=False)["Regions"]
    return tuple(sorted(str(region["RegionName"]) for region in found))


def audit(
    api: Api,
    against: AuditInput,
    *,
    readers: Sequence[TypeReader],
    regions: Collection[str],
    origin: Origin,
) -> Verdict:
    """Read an account and judge it.

    Args:
        api: calls to it.
        against: what it is judged against.
        readers: of the types that are read.
        regions: where regional types are read.
        origin: `Origin.EMULATED` or `Origin.REAL`.

    Returns:
        The verdict; its notes say how many calls it took, how long, and what was denied.

    Raises:
        UnreachableError: no answer came from AWS.
        ConfigError: baseline, requirements or waivers name what does not exist.
    """
    began = time.monotonic()
    seen = observe(api, readers, regions)
    took = time.monotonic() - began
    verdict = judge_account(seen, api.account, against, origin)
    notes = read_notes(readers)
    if against.without_aws_made:
        left = sum(bool(item.made_by) for item in seen.observed)
        notes["left out"] = f"{left} resources that AWS made by itself (`--without-aws-made`)"
    seconds = {"read": took, "judge": time.monotonic() - began - took}
    return read_in(verdict, api, seen, regions=regions, origin=origin, seconds=seconds, notes=notes)


def read_notes(readers: Iterable[TypeReader]) -> dict[str, str]:
    """The notes of a verdict on what some readers read, and what nothing reads."""
    return {
        "services": ", ".join(sorted({reader.service for reader in readers})),
        "no reader for": ", ".join(unread_types()),
    }


def judge_account(
    seen: AccountReading, account: str, against: AuditInput, origin: Origin
) -> Verdict:
    """Judge what was read of an account; every address names the account.

    Raises:
        ConfigError: baseline, requirements or waivers name what does not exist.
    """
    kept = tuple(
        replace(item, account=account)
        for item in seen.observed
        if not (against.without_aws_made and item.made_by)
    )
    inventory = replace(seen, observed=kept).inventory(account)
    return against.judge(inventory, f"account {account}", stage="audit", origin=origin)


def read_in(
    verdict: Verdict,
    api: Api,
    seen: AccountReading,
    *,
    regions: Collection[str],
    origin: Origin,
    seconds: Mapping[str, float],
    notes: Mapping[str, str],
) -> Verdict:
    """A verdict with what reading the account took, and what was denied, in its provenance.

    Args:
        verdict: on the account.
        api: calls to it.
        seen: what was read.
        regions: where.
        origin: `Origin.EMULATED` or `Origin.REAL`.
        seconds: how long `read` and `judge` took.
        notes: more of them.
    """
    said = {
        "read": f"{sum(api.calls.values())} calls in {seconds['read']:.1f} s, "
        f"{api.side_by_side} side by side",
        "regions": ", ".join(sorted(regions)) or "none",
        **notes,
    }
    if seen.denied:
        said["denied"] = ", ".join(seen.denied)
    provenance = replace(
        verdict.provenance,
        account=api.account,
        region=min(regions) if len(regions) == 1 else "",
        target="embedded" if origin is Origin.EMULATED else "aws",
        seconds={name: round(took, 3) for name, took in seconds.items()},
        notes={**verdict.provenance.notes, **said},
    )
    return replace(verdict, provenance=provenance)
