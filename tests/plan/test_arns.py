"""The ARNs that a plan says of what does not exist yet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.gate.case_plan import plan_json

from revet.iam.prove.grounded import Ground
from revet.plan import Inventory, Resource, load_plan
from revet.plan.account import account_of
from revet.plan.arns import expected_arns

ACCOUNT = "111122223333"


def plan(resources: dict[str, Any], account: str = ACCOUNT) -> Inventory:
    return replace(load_plan(plan_json({"resource": resources}, "a test")), account=account)


MADE: list[tuple[str, dict[str, Any], str]] = [
    ("aws_cloudtrail", {"name": "audit"}, "cloudtrail:us-west-2:111122223333:trail/audit"),
    ("aws_s3_bucket", {"bucket": "logs"}, "s3:::logs"),
    ("aws_sqs_queue", {"name": "jobs"}, "sqs:us-west-2:111122223333:jobs"),
    ("aws_iam_role", {"name": "app", "path": "/team/"}, "iam::111122223333:role/team/app"),
    ("aws_kms_alias", {"name": "alias/data"}, "kms:us-west-2:111122223333:alias/data"),
]


@pytest.mark.parametrize(("kind", "arguments", "arn"), MADE)
def test_an_arn_follows_from_arguments_region_and_account(
    kind: str, arguments: dict[str, Any], arn: str
) -> None:
    found = expected_arns(plan({kind: {"one": arguments}}))
    assert found == {f"{kind}.one.arn": f"arn:aws:{arn}"}


def test_a_reference_stays_in_it() -> None:
    made = {
        "aws_s3_bucket": {"b": {"bucket": "logs"}},
        "aws_sqs_queue": {"q": {"name": "of-${aws_vpc.v.id}"}},
        "aws_vpc": {"v": {"cidr_block": "10.0.0.0/16"}},
    }
    found = expected_arns(plan(made))
    assert found["aws_sqs_queue.q.arn"] == "arn:aws:sqs:us-west-2:111122223333:of-${aws_vpc.v.id}"


@pytest.mark.parametrize(
    ("arguments", "account"),
    [
        ({"name": "jobs"}, ""),
        ({"name_prefix": "jobs"}, ACCOUNT),
        ({"name": "${lower(aws_vpc.v.id)}"}, ACCOUNT),
        ({"name": "jobs*"}, ACCOUNT),
    ],
    ids=["no-account", "made-up-name", "function", "wildcard"],
)
def test_what_the_plan_does_not_say_is_not_made_up(arguments: dict[str, Any], account: str) -> None:
    made = {"aws_sqs_queue": {"q": arguments}, "aws_vpc": {"v": {"cidr_block": "10.0.0.0/16"}}}
    assert "aws_sqs_queue.q.arn" not in expected_arns(plan(made, account))


def test_an_account_that_is_looked_up_later_stays_a_reference() -> None:
    here = Resource("data.aws_caller_identity.here", "aws_caller_identity", "here", mode="data")
    made = plan({"aws_sqs_queue": {"q": {"name": "jobs"}}}, "")
    one = replace(made, data={here.address: here})
    caller = "${data.aws_caller_identity.here.account_id}"
    assert expected_arns(one) == {"aws_sqs_queue.q.arn": f"arn:aws:sqs:us-west-2:{caller}:jobs"}
    two = replace(made, data={here.address: here, "other": replace(here, address="other")})
    assert expected_arns(two) == {}


def test_an_arn_that_is_known_is_not_expected() -> None:
    arn = "arn:aws:sqs:us-west-2:111122223333:jobs"
    assert expected_arns(plan({"aws_sqs_queue": {"q": {"name": "jobs", "arn": arn}}})) == {}


def test_a_reference_and_the_arn_written_out_are_the_same() -> None:
    picture = account_of(plan({"aws_cloudtrail": {"t": {"name": "audit"}}}))
    ground = Ground(picture)
    arn = f"arn:aws:cloudtrail:us-west-2:{ACCOUNT}:trail/audit"
    assert ground.text("${aws_cloudtrail.t.arn}") == arn
    assert ground.text("${aws_cloudtrail.other.arn}") != arn
    assert [name for name, _ in ground.guessed()] == ["aws_cloudtrail.other.arn"]
