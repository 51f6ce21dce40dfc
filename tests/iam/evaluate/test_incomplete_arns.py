"""A policy with an ARN that lacks fields decides like the one that AWS completes it to."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revet.iam.document import parse_policy
from revet.iam.evaluate import Policies, Request, decide
from revet.iam.reference.services import all_services, service

USER = "arn:aws:iam::111122223333:user/ana"
PLACES = {"Partition": "aws", "Region": "eu-west-1", "Account": "111122223333"}
ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def an_arn(prefix: str) -> str | None:
    """The ARN of some resource of a service; none for a service without resources."""
    found = service(prefix)
    for kind in found.resource_types.values() if found else ():
        for arn in kind.arns:
            text = re.sub(r"\$\{(\w+)\}", lambda match: PLACES.get(match[1], "name"), arn)
            if text.count(":") >= 5 and "*" not in text:
                return text
    return None


ARNS = {prefix: arn for prefix in sorted(all_services()) if (arn := an_arn(prefix))}


def outcome(statement: dict[str, Any], arn: str, prefix: str, layer: str) -> str:
    statements = [ALL, statement] if statement["Effect"] == "Deny" else [statement]
    policy = parse_policy({"Version": "2012-10-17", "Statement": statements})
    everything = parse_policy({"Version": "2012-10-17", "Statement": [ALL]})
    policies = (
        Policies(identity=(policy,))
        if layer == "identity"
        else Policies(identity=(everything,), boundary=policy)
    )
    asked = Request(USER, f"{prefix}:Something", arn, {}, resource_account="111122223333")
    return decide(asked, policies).outcome.value


def test_most_services_are_tried() -> None:
    assert len(ARNS) > 250


@pytest.mark.parametrize("layer", ["identity", "boundary"])
@pytest.mark.parametrize("element", ["Resource", "NotResource"])
@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_a_policy_and_its_completed_form_decide_alike(
    effect: str, element: str, layer: str
) -> None:
    differing = []
    for prefix, arn in ARNS.items():
        fields = arn.split(":")
        for count in (3, 4, 5):
            short = ":".join(fields[:count])
            full = ":".join([*fields[:count], *"*" * (6 - count)])
            answers = {
                outcome({"Effect": effect, "Action": "*", element: text}, arn, prefix, layer)
                for text in (short, full)
            }
            if len(answers) > 1:
                differing.append((short, answers))
    assert differing == []


@given(
    fields=st.lists(st.sampled_from(["aws", "sqs", "eu-*", "e?-west-1", "", "111122223333"]),
                    min_size=2, max_size=4),
    effect=st.sampled_from(["Allow", "Deny"]),
)  # fmt: skip
def test_only_a_wildcard_that_reaches_over_colons_leaves_a_doubt(
    fields: list[str], effect: str
) -> None:
    arn = "arn:aws:sqs:eu-west-1:111122223333:orders"
    short = ":".join(["arn", *fields])
    full = ":".join(["arn", *fields, *"*" * (5 - len(fields))])
    answers = [
        outcome({"Effect": effect, "Action": "*", "Resource": text}, arn, "sqs", "identity")
        for text in (short, full)
    ]
    assert answers[0] in (answers[1], "unknown")
    if "*" not in short:
        assert answers[0] == answers[1]
