"""Arguments and options that several commands take, each written once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from revet.cli.output import Format
from revet.model.finding import Severity


class FailOn(StrEnum):
    """The least severity that blocks."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NONE = "none"

    @property
    def severities(self) -> tuple[Severity, ...]:
        """The severities that block: this one and all that are worse."""
        if self is FailOn.NONE:
            return ()
        return tuple(item for item in Severity if item.rank <= Severity(self.value).rank)


class DataFormat(StrEnum):
    """How a command that judges nothing shows what it found."""

    TEXT = "text"
    JSON = "json"


class TargetName(StrEnum):
    """Where a stack lands."""

    EMBEDDED = "embedded"
    AWS = "aws"


SomeStack = Annotated[
    str | None,
    typer.Argument(
        metavar="[STACK]",
        help="A blueprint (`tap`), or a stack of `revet.toml`.",
        show_default=False,
    ),
]
Every = Annotated[
    bool,
    typer.Option("--all", help="Every stack of `revet.toml`, each after those that it needs."),
]
ConfigPath = Annotated[
    Path | None,
    typer.Option(
        "--config", help="The `revet.toml` to use; by default that of this folder or a parent."
    ),
]
FormatName = Annotated[Format, typer.Option("--format", help="Format of the report.")]
DataFormatName = Annotated[DataFormat, typer.Option("--format", help="How it is shown.")]
OutputPath = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write the report to a file.")
]
RequirementsPath = Annotated[
    Path | None,
    typer.Option("--requirements", help="Requirements file (TOML) to judge against."),
]
PropertiesPath = Annotated[
    Path | None,
    typer.Option(
        "--properties", help="Properties file (TOML): what must hold for all requests, proved."
    ),
]
AttacksPath = Annotated[
    Path | None,
    typer.Option(
        "--attacks",
        help="Attacks file (TOML): requests and what they must meet with, decided, not sent.",
    ),
]
FrameworkIds = Annotated[
    list[str] | None,
    typer.Option(
        "--framework",
        metavar="ID",
        help="Say which rows of this framework are supported (`pci_dss`, `cis_aws`, "
        "`security_hub`, `nist_800_53`); repeatable. It changes neither which controls run nor "
        "the decision.",
    ),
]
BaselineName = Annotated[
    str | None,
    typer.Option(
        "--baseline",
        help="Baseline: which controls run, one of ours by name or a TOML file. "
        "A path that ends in `.json` is an earlier verdict: the same as `--previous`.",
    ),
]
ControlBaseline = Annotated[
    str | None,
    typer.Option(
        "--baseline", help="Baseline: which controls run, one of ours by name or a TOML file."
    ),
]
PreviousPath = Annotated[
    Path | None,
    typer.Option(
        "--previous",
        metavar="VERDICT.json",
        help="An earlier verdict (`--format json`): show what is new, regressed, fixed or gone.",
    ),
]
FailOnNew = Annotated[
    bool,
    typer.Option(
        "--fail-on-new",
        help="With an earlier verdict: failures that it has already do not block; "
        "new and regressed ones do, and every unknown.",
    ),
]
WaiversPath = Annotated[Path | None, typer.Option("--waivers", help="Waiver file (TOML).")]
FailOnLevel = Annotated[
    FailOn | None,
    typer.Option(
        "--fail-on",
        help="Least severity that blocks; `low` (everything) by default, `none` blocks on nothing.",
    ),
]
TimeLimit = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        metavar="SECONDS",
        min=0,
        help="Time that judging may take, then the verdict is undecided; by default 30 s and 5 ms "
        "for each resource.",
    ),
]
Target = Annotated[
    TargetName,
    typer.Option("--target", help="The embedded AWS of this machine, or a real account."),
]
Account = Annotated[
    list[str] | None,
    typer.Option(
        "--account",
        help="Id of an account that you mean; for `--target aws` without a terminal, once for "
        "each account that the stack uses.",
    ),
]
AccountFile = Annotated[
    Path | None,
    typer.Option("--account-file", help="File with the ids of the accounts, one per line."),
]
AllowProvider = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-provider",
        metavar="SOURCE",
        help="Let this provider run, as `datadog/datadog`; it can do all that you can. "
        "AWS and those without a network need no word.",
    ),
]
AllowFunctions = Annotated[
    bool,
    typer.Option(
        "--allow-functions",
        help="Let the embedded AWS run the functions of a Terraform configuration; those of a "
        "program's stack run anyway.",
    ),
]
AllowProvisioners = Annotated[
    bool,
    typer.Option(
        "--allow-provisioners",
        help="Let provisioners run, which start programs that the configuration names.",
    ),
]
