"""`revet audit`: judge a whole account, whoever made what is in it."""

# ruff: noqa: PLC0415 - what an extra or POSIX brings is imported after `need` has asked for it

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

import typer

from revet.cli import options
from revet.cli.account_settings import AccountSettings, checked_role
from revet.cli.accounts import Confirmation, named_accounts
from revet.cli.audited_accounts import Asked, Hub, choose, confirm_all, hub
from revet.cli.configuration import DEFAULT_REGION
from revet.cli.delivery import require_deliverable
from revet.cli.judging import Judging, timestamp
from revet.cli.output import Format, deliver, note, say
from revet.cli.prerequisites import need
from revet.cli.previous import earlier
from revet.cli.project import Project, find_project
from revet.gate.baseline import Baseline
from revet.gate.catalog import Catalog, load_catalog
from revet.model.account_read import AccountRead
from revet.model.errors import ConfigError, UsageError
from revet.model.fields import check_name
from revet.model.finding import Origin
from revet.model.verdict import Verdict
from revet.target.roles import calling_policy
from revet.verify.accounts import Manner, audit_accounts
from revet.verify.api import Api
from revet.verify.audit import AuditInput, enabled_regions, readers_of, reading_policy
from revet.verify.audit import audit as read_and_judge
from revet.verify.readers import TypeReader


def audit(
    *,
    regions: Annotated[
        list[str] | None,
        typer.Option("--region", help="Read this region; repeatable. All that are enabled."),
    ] = None,
    services: Annotated[
        list[str] | None,
        typer.Option("--service", help="Read this service alone; repeatable. All by default."),
    ] = None,
    controls: Annotated[
        list[str] | None,
        typer.Option("--control", help="Judge by this control alone; repeatable."),
    ] = None,
    without_aws_made: Annotated[
        bool,
        typer.Option("--without-aws-made", help="Leave out what AWS made by itself."),
    ] = False,
    print_policy: Annotated[
        bool,
        typer.Option("--print-policy", help="Write the IAM policy that reading takes, and end."),
    ] = False,
    print_hub_policy: Annotated[
        bool,
        typer.Option(
            "--print-hub-policy",
            help="Write the IAM policy that reading other accounts takes from here, and end.",
        ),
    ] = False,
    target: options.Target = options.TargetName.EMBEDDED,
    account: Annotated[
        list[str] | None,
        typer.Option(
            "--account",
            help="Read this account alone; repeatable. All of `[accounts]` in `revet.toml`, or of "
            "the organization; without either the account of the credentials.",
        ),
    ] = None,
    account_file: options.AccountFile = None,
    organization: Annotated[
        bool,
        typer.Option("--organization", help="Read all accounts of the organization."),
    ] = False,
    organization_id: Annotated[
        str | None,
        typer.Option(
            "--organization-id",
            metavar="ID",
            help="The same, and the organization that you mean; for `--target aws` without a "
            "terminal.",
        ),
    ] = None,
    role: Annotated[
        str | None,
        typer.Option("--role", help="Name of the role to assume in accounts that name no other."),
    ] = None,
    requirements: options.RequirementsPath = None,
    frameworks: options.FrameworkIds = None,
    baseline: options.BaselineName = None,
    waivers: options.WaiversPath = None,
    fail_on: options.FailOnLevel = None,
    previous: options.PreviousPath = None,
    fail_on_new: options.FailOnNew = False,
    wanted: options.FormatName = Format.TEXT,
    output: options.OutputPath = None,
    config: options.ConfigPath = None,
) -> int:
    """Judge whole accounts, read-only, by the controls of a plan."""
    before = earlier(previous, baseline, fail_on_new=fail_on_new)
    require_deliverable(wanted, output, before, every=False)
    project = find_project(config)
    given = Judging(
        requirements, before.baseline, waivers, fail_on, frameworks=tuple(frameworks or ())
    )
    loaded = given.over(project.shared.judging).load()
    accounts = named_accounts(account, account_file)
    asked = Asked(accounts, organization, organization_id or "", checked_role(role or ""))
    settings = asked.over(project.accounts)
    need("aws")
    readers = readers_of(services or ())
    if print_policy:
        say(json.dumps(reading_policy(readers), indent=2))
        return 0
    if print_hub_policy:
        say(json.dumps(_hub_policy(settings, asked), indent=2))
        return 0
    if accounts and settings is None and target is not options.TargetName.AWS:
        raise UsageError(
            "`--account` requires `--target aws`, or several accounts",
            where="--account",
            got=f"{', '.join(f'`{one}`' for one in accounts)} with `--target embedded`",
            do="leave it out, add `--target aws`, or name a role in `[accounts]` of `revet.toml`",
        )
    catalog = load_catalog()
    now = dt.datetime.now(dt.UTC)
    against = AuditInput(
        catalog,
        loaded.requirements,
        _chosen(loaded.baseline, controls, catalog),
        loaded.waivers,
        loaded.fail_on,
        now.date(),
        without_aws_made,
        loaded.frameworks,
    )
    where = tuple(regions or (settings.regions if settings else ()))
    with hub(target, _home(target, project, where), project.root) as center:
        if settings is None:
            if target is options.TargetName.AWS:
                from revet.target.accounts import Identity

                own = Identity(center.account, center.arn)
                Confirmation("audit", accounts)({"of the environment": own})
            verdict = _one(center, against, readers, where)
        else:
            verdict = _several(center, settings, asked, against, (readers, where))
    provenance = replace(verdict.provenance, time=timestamp(now))
    verdict = before.beside(replace(verdict, provenance=provenance))
    deliver(verdict, wanted, output)
    return verdict.decision.exit_code


def _chosen(
    baseline: Baseline | None, controls: list[str] | None, catalog: Catalog
) -> Baseline | None:
    """The baseline, narrowed to the controls that are named.

    Raises:
        UsageError: there is no such control.
    """
    if not controls:
        return baseline
    for name in controls:
        do = "`revet controls list` shows them"
        check_name(name, catalog, "no such control", "--control", do=do, kind=UsageError)
    settings = baseline.settings if baseline else {}
    return Baseline("--control", "", tuple(controls), (), settings)


def _home(target: options.TargetName, project: Project, regions: Sequence[str]) -> str:
    """The region that global services are asked in; it decides the partition of AWS."""
    variables = ("AWS_REGION", "AWS_DEFAULT_REGION") if target is options.TargetName.AWS else ()
    own = next((os.environ[name] for name in variables if os.environ.get(name)), "")
    return project.shared.region or (regions[0] if regions else own) or DEFAULT_REGION


def _one(
    center: Hub, against: AuditInput, readers: Sequence[TypeReader], regions: Sequence[str]
) -> Verdict:
    reader = center.reader(center.session)
    api = Api(reader, center.account, center.region, center.side_by_side)
    where = tuple(regions) or enabled_regions(api)
    note(f"reading account {center.account}: {len(readers)} types in {len(where)} regions")
    return read_and_judge(api, against, readers=readers, regions=where, origin=center.origin)


def _several(
    center: Hub,
    settings: AccountSettings,
    asked: Asked,
    against: AuditInput,
    manner: tuple[Sequence[TypeReader], Sequence[str]],
) -> Verdict:
    chosen = choose(center, settings, asked)
    if center.origin is Origin.REAL:
        confirm_all(chosen, center, asked)
    readers, regions = manner
    places = chosen.places
    note(f"reading {len(places)} accounts: {len(readers)} types")
    done = 0

    def report(read: AccountRead) -> None:
        nonlocal done
        done += 1
        said = read.why or f"{read.calls} calls in {read.seconds:.1f} s"
        note(f"  {done} of {len(places)}: account {read.label} {read.reach.value}, {said}")

    return audit_accounts(
        places,
        against,
        Manner(readers, regions, center.region, center.origin, center.side_by_side),
        name=chosen.name,
        skipped=chosen.skipped,
        notes=chosen.notes,
        done=report,
    )


def _hub_policy(settings: AccountSettings | None, asked: Asked) -> dict[str, Any]:
    """What whoever reads other accounts needs: to assume the roles, and to list the accounts.

    Raises:
        ConfigError: no role is named anywhere.
    """
    found = settings or AccountSettings()
    whole = found.organization or asked.organization or bool(asked.organization_id)
    partition = found.partition or "aws"
    accounts = asked.accounts or tuple(found.accounts)
    roles = {found.of(account).assuming.arn(account, partition) for account in accounts}
    if whole:
        roles.add(found.shared.arn("*", partition))
    if not any(roles):
        raise ConfigError(
            "no role to assume in any account",
            where="`[accounts]` of `revet.toml`",
            got="no `role`",
            expected="the name of the role that reads",
            do='add `role = "…"`, or give `--role`',
        )
    return calling_policy(sorted(roles - {""}), organization=whole)
