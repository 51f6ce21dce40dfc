"""ARNs written as the Service Authorization Reference has them are no findings about ARNs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from revet.iam.reference.services import all_services
from revet.iam.reference.tables import Service
from revet.iam.validate import validate_policy

ABOUT_ARNS = frozenset(
    {
        "ARN_ACCOUNT_NOT_ALLOWED",
        "ARN_REGION_NOT_ALLOWED",
        "INVALID_ARN_ACCOUNT",
        "INVALID_ARN_PREFIX",
        "INVALID_ARN_REGION",
        "INVALID_ARN_RESOURCE",
        "INVALID_ARN_SERVICE_CASE",
        "INVALID_PARTITION",
        "INVALID_SERVICE",
        "MISSING_ARN_ACCOUNT",
        "MISSING_ARN_FIELD",
        "MISSING_ARN_REGION",
    }
)
REFUSED = ":elastic-inference:"
"""A closed service that AWS refuses; the reference of EC2 still has a format with it."""
PLACEHOLDER = re.compile(r"\$\{[^{}]*\}")
PLACES = ("arn", "aws", "ec2", "us-west-2", "111122223333")
MANY = 2000
AT_ONCE = 100
"""Resources in one policy: larger policies are not read."""


def arns() -> Iterator[str]:
    """One ARN of every format of every service."""
    for service in all_services().values():
        yield from arns_of(service)


def arns_of(service: Service) -> Iterator[str]:
    """One ARN of every format: placeholders filled by what may stand there."""
    for kind in service.resource_types.values():
        for form in kind.arns:
            if REFUSED in form:
                continue
            *places, resource = form.split(":", 5)
            filled = [
                PLACEHOLDER.sub(value, place) for place, value in zip(places, PLACES, strict=True)
            ]
            yield ":".join([*filled, PLACEHOLDER.sub("x1", resource)])


def findings(resources: list[str]) -> list[tuple[str, str]]:
    """The findings about ARNs that a policy with these resources has."""
    statements = [{"Effect": "Deny", "Action": "*", "Resource": resource} for resource in resources]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    found = [(finding.code, finding.details) for finding in validate_policy(policy, "identity")]
    assert all(code != "JSON_SYNTAX_ERROR" for code, _ in found)
    return [(code, details) for code, details in found if code in ABOUT_ARNS]


def test_no_finding_on_any_documented_format() -> None:
    resources = list(arns())
    assert len(resources) > MANY
    for start in range(0, len(resources), AT_ONCE):
        assert findings(resources[start : start + AT_ONCE]) == []


@pytest.mark.parametrize(
    ("resource", "code"),
    [
        (
            "arn:aws:ec2:us-west-2:111122223333:instances/i-0123456789abcdef",
            "INVALID_ARN_RESOURCE",
        ),
        ("arn:aws:ec2::111122223333:instance/i-0123456789abcdef0", "MISSING_ARN_REGION"),
        ("arn:aws:ec2:us-west-2::instance/i-0123456789abcdef0", "MISSING_ARN_ACCOUNT"),
    ],
)
def test_the_same_with_a_mistake_is_one(resource: str, code: str) -> None:
    assert [found for found, _ in findings([resource])] == [code]
