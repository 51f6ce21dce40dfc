"""`revet verify`: read what is deployed, and judge it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import revet
from revet.cli.judging import Judging, Loaded, timestamp
from revet.cli.landing import DEFAULT_REGION, Landing, land
from revet.cli.options import (
    Account,
    BaselineName,
    ConfigPath,
    FailOnLevel,
    FormatName,
    OutputPath,
    RequirementsPath,
    StackName,
    Target,
    TargetName,
    WaiversPath,
)
from revet.cli.output import Format, deliver
from revet.cli.prerequisites import need
from revet.cli.progress import progress
from revet.cli.road import PLAN_JSON, STATE, configured, step, terraform_on
from revet.cli.workdir import keep
from revet.model.requirement import Judged
from revet.model.verdict import Provenance, Verdict

if TYPE_CHECKING:
    from revet.target.events import Observer


def verify(
    name: StackName,
    *,
    target: Target = TargetName.EMBEDDED,
    account: Account = None,
    requirements: RequirementsPath = None,
    baseline: BaselineName = None,
    waivers: WaiversPath = None,
    fail_on: FailOnLevel = None,
    wanted: FormatName = Format.TEXT,
    output: OutputPath = None,
    config: ConfigPath = None,
) -> int:
    """Check what is deployed through the AWS API; nothing is changed."""
    need("aws")
    landing = land(name, target, account=account, config=config, action="verify")
    loaded = Judging(requirements, baseline, waivers, fail_on).over(landing.stack.judging).load()
    with progress() as observe:
        verdict = verified(landing, loaded, observe)
    keep(landing.directory, verdict)
    deliver(verdict, wanted, output)
    return verdict.decision.exit_code


def verified(landing: Landing, loaded: Loaded, observe: Observer) -> Verdict:
    """Run the live checks over what is deployed.

    Args:
        landing: stack and target.
        loaded: what it is judged against.
        observe: told what happens.

    Raises:
        UsageError: nothing was deployed from here.
        UnreachableError: no answer came from AWS.
    """
    from revet.gate.catalog import load_catalog  # noqa: PLC0415 - not to parse a call
    from revet.gate.selection import select  # noqa: PLC0415 - same
    from revet.plan import load_plan  # noqa: PLC0415 - same
    from revet.verify.boto import BotoReader  # noqa: PLC0415 - needs the extra
    from revet.verify.catalog import load_checks  # noqa: PLC0415 - not to parse a call
    from revet.verify.run import verify_live  # noqa: PLC0415 - same
    from revet.verify.subject import Deployment, read_subjects  # noqa: PLC0415 - same

    now = dt.datetime.now(dt.UTC)
    stack, directory = landing.stack, landing.directory
    region = stack.region or DEFAULT_REGION
    terraform = terraform_on(
        configured(stack, directory), landing.target, state=directory / STATE, observe=observe
    )
    with step(observe, "verify"):
        plan = load_plan(directory / PLAN_JSON)
        regions = {address: item.provider_region for address, item in plan.resources.items()}
        chosen = select(load_catalog(), loaded.baseline, loaded.requirements)
        result = verify_live(
            Deployment(
                stack.name,
                read_subjects(
                    terraform.state(),
                    regions={address: item for address, item in regions.items() if item},
                    default_region=region,
                ),
                terraform.outputs(),
            ),
            BotoReader(landing.target.session(region)),
            checks=load_checks(),
            controls={item.meta.id: item.meta for item in chosen},
            origin=landing.target.origin,
            requirements=loaded.requirements,
            waivers=loaded.waivers,
            today=now.date(),
        )
    provenance = Provenance(
        stack.name,
        "verify",
        target=landing.target.name,
        account=landing.target.account(),
        region=stack.region,
        versions={"revet": revet.__version__, "terraform": terraform.binary.version},
    )
    idle = {"not exercised": ", ".join(result.not_exercised)} if result.not_exercised else {}
    return Verdict(
        provenance=replace(provenance, time=timestamp(now), notes=idle),
        findings=result.findings,
        requirements=loaded.requirements.rows if loaded.requirements else (),
        evidence=result.evidence,
        controls=result.controls,
        fail_on=loaded.fail_on,
        problems=result.problems,
        expired=tuple(
            waiver for waiver in loaded.waivers if waiver.flaw or waiver.expires < now.date()
        ),
        unused=result.unused,
        expects=(Judged.LIVE,),
    )
