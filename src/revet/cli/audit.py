"""`revet audit`: judge a whole account, whoever made what is in it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from revet.cli.accounts import confirm_account, named_accounts
from revet.cli.judging import Judging, timestamp
from revet.cli.landing import embedded
from revet.cli.options import (
    Account,
    AccountFile,
    BaselineName,
    ConfigPath,
    FailOnLevel,
    FailOnNew,
    FormatName,
    OutputPath,
    PreviousPath,
    RequirementsPath,
    Target,
    TargetName,
    WaiversPath,
)
from revet.cli.output import Format, deliver, note, say
from revet.cli.prerequisites import need
from revet.cli.previous import earlier
from revet.cli.project import find_project
from revet.cli.road import DEFAULT_REGION
from revet.cli.several import require_deliverable
from revet.cli.workdir import embedded_state
from revet.model.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from revet.gate.baseline import Baseline
    from revet.gate.catalog import Catalog
    from revet.model.finding import Origin

_ON_AWS = 16
_ON_EMBEDDED = 4


@dataclass(frozen=True, slots=True)
class _Place:
    """The account to read.

    Args:
        session: of boto3, reaches it.
        account: its id.
        origin: what evidence from it counts as.
        side_by_side: calls that wait for an answer at a time.
    """

    session: Any
    account: str
    origin: Origin
    side_by_side: int


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
    target: Target = TargetName.EMBEDDED,
    account: Account = None,
    account_file: AccountFile = None,
    requirements: RequirementsPath = None,
    baseline: BaselineName = None,
    waivers: WaiversPath = None,
    fail_on: FailOnLevel = None,
    previous: PreviousPath = None,
    fail_on_new: FailOnNew = False,
    wanted: FormatName = Format.TEXT,
    output: OutputPath = None,
    config: ConfigPath = None,
) -> int:
    """Judge a whole account, read-only, by the controls of a plan."""
    before = earlier(previous, baseline, fail_on_new=fail_on_new)
    require_deliverable(wanted, output, before, every=False)
    project = find_project(config)
    given = Judging(requirements, before.baseline, waivers, fail_on).over(project.shared).load()
    accounts = named_accounts(account, account_file)
    need("aws")
    from revet.gate.catalog import load_catalog  # noqa: PLC0415 - imports every control
    from revet.verify.api import Api  # noqa: PLC0415 - needs the extra
    from revet.verify.audit import (  # noqa: PLC0415 - same
        AuditInput,
        enabled_regions,
        readers_of,
        reading_policy,
    )
    from revet.verify.audit import audit as read_and_judge  # noqa: PLC0415 - same
    from revet.verify.boto import BotoReader  # noqa: PLC0415 - same

    readers = readers_of(services or ())
    if print_policy:
        say(json.dumps(reading_policy(readers), indent=2))
        return 0
    catalog = load_catalog()
    now = dt.datetime.now(dt.UTC)
    against = AuditInput(
        catalog,
        given.requirements,
        _chosen(given.baseline, controls, catalog),
        given.waivers,
        given.fail_on,
        now.date(),
        without_aws_made,
    )
    with _place(target, accounts, project.root) as place:
        api = Api(BotoReader(place.session), place.account, DEFAULT_REGION, place.side_by_side)
        where = tuple(regions or ()) or enabled_regions(api)
        note(f"reading account {place.account}: {len(readers)} types in {len(where)} regions")
        verdict = read_and_judge(api, against, readers=readers, regions=where, origin=place.origin)
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
    from revet.gate.baseline import Baseline  # noqa: PLC0415 - not needed to parse a call

    for name in controls:
        if name not in catalog:
            raise UsageError(
                "no such control",
                where="--control",
                got=f"`{name}`",
                expected="an id of the catalogue",
                do="`revet controls list` shows them",
            )
    settings = baseline.settings if baseline else {}
    return Baseline("--control", "", tuple(controls), (), settings)


@contextmanager
def _place(target: TargetName, accounts: tuple[str, ...], root: Path) -> Iterator[_Place]:
    from revet.model.finding import Origin  # noqa: PLC0415 - not needed to parse a call

    if target is TargetName.AWS:
        from revet.target.aws import own_session  # noqa: PLC0415 - needs the extra

        session, identity = own_session(DEFAULT_REGION)
        confirm_account(identity, "audit", accounts)
        yield _Place(session, identity.account, Origin.REAL, _ON_AWS)
        return
    if accounts:
        raise UsageError(
            "`--account` belongs to `--target aws`",
            where="--account",
            got=f"{', '.join(f'`{one}`' for one in accounts)} with `--target embedded`",
            do="leave it out, or add `--target aws`",
        )
    need("embedded")
    with embedded(embedded_state(root)) as emulated:
        emulated.start()
        session = emulated.session(DEFAULT_REGION)
        yield _Place(session, emulated.account(), Origin.EMULATED, _ON_EMBEDDED)
