"""`revet iam validate`: what is wrong with policy documents."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from revet.cli.iam.files import read_bytes
from revet.cli.options import OutputPath
from revet.cli.output import note, save, show
from revet.iam.policy_type import RESOURCE_TYPES, PolicyType
from revet.model.errors import UsageError

if TYPE_CHECKING:
    from revet.iam.validate import PolicyFinding


class FindingsFormat(StrEnum):
    """The formats of `revet.report.policies.POLICY_FORMATS`."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


class FailOnLevel(StrEnum):
    """The least level that blocks; each includes those before it."""

    ERROR = "error"
    SECURITY_WARNING = "security-warning"
    WARNING = "warning"
    SUGGESTION = "suggestion"
    NONE = "none"


def validate(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE…", help="Policy documents (JSON); `-` is stdin.")
    ],
    *,
    kind: Annotated[PolicyType, typer.Option("--type", help="What kind of policies they are.")],
    resource_type: Annotated[
        str,
        typer.Option(
            "--resource-type",
            help="CloudFormation type that resource policies are attached to: AWS::S3::Bucket.",
        ),
    ] = "",
    findings_format: Annotated[
        FindingsFormat, typer.Option("--format", help="Format of the findings.")
    ] = FindingsFormat.TEXT,
    output: OutputPath = None,
    fail_on: Annotated[
        FailOnLevel, typer.Option("--fail-on", help="Least level that makes the exit code 1.")
    ] = FailOnLevel.WARNING,
) -> int:
    """Find what is wrong with policy documents, as IAM Access Analyzer does, offline."""
    from revet.iam.reference.services import data_date  # noqa: PLC0415 - not needed to parse a call
    from revet.iam.review import review_policy  # noqa: PLC0415 - same
    from revet.report.policies import POLICY_FORMATS, PolicyFile  # noqa: PLC0415 - same

    if resource_type and kind is not PolicyType.RESOURCE:
        raise UsageError(
            "only a resource policy has a resource type",
            where="--resource-type",
            got=f"`{resource_type}` with `--type {kind}`",
            expected="`--type resource`",
            do="leave one of the two out",
        )
    if resource_type and not resource_type.startswith("AWS::"):
        raise UsageError(
            "no such resource type",
            where="--resource-type",
            got=f"`{resource_type}`",
            expected="a CloudFormation type, for example "
            + ", ".join(f"`{name}`" for name in RESOURCE_TYPES[:3]),
            do="write it as CloudFormation does",
        )
    found = [
        PolicyFile(name, review_policy(read_bytes(name), kind, resource_type)) for name in files
    ]
    text = POLICY_FORMATS[findings_format](found, data_date())
    if output is None:
        show(text)
    else:
        save(output, text)
        note(f"written: {output}")
    return int(any(blocks(finding, fail_on) for file in found for finding in file.findings))


def blocks(finding: PolicyFinding, fail_on: FailOnLevel) -> bool:
    """Whether a finding is at least as bad as a level."""
    order = [level.value for level in FailOnLevel]
    level = finding.level.value.lower().replace("_", "-")
    return fail_on is not FailOnLevel.NONE and order.index(level) <= order.index(fail_on.value)
