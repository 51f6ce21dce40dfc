"""Whatever is spoiled in the account through its API, exactly the right checks say so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from revet.model.finding import Status
from revet.verify.run import LiveResult

Account = Any  # of conftest.py
Json = Any
Verify = Callable[..., LiveResult]
_MARK = re.compile(r"<([^<>]+)>")


@pytest.fixture
def spoiled(request: pytest.FixtureRequest, corruption: Mapping[str, Any]) -> Iterator[Account]:
    """The account with the corruption in it; put back, or built anew, afterwards."""
    account = request.getfixturevalue("account")
    known = _known(account)
    _send(account, corruption["break"], known)
    yield account
    if corruption.get("rebuild"):
        account.rebuild()
    else:
        _send(account, corruption["restore"], known)


def test_exactly_the_right_checks_fail(
    spoiled: Account, corruption: Mapping[str, Any], verify: Verify
) -> None:
    result = verify()

    assert result.problems == ()
    failed = {finding.control for finding in result.findings if finding.status is Status.FAIL}
    assert failed == set(corruption.get("fails", [corruption["check"]]))
    unsure = [finding for finding in result.findings if finding.status is Status.UNKNOWN]
    assert unsure == []
    assert any(
        finding.address == corruption["address"] and finding.control == corruption["check"]
        for finding in result.findings
        if finding.status is Status.FAIL
    )


def test_all_checks_pass_again(verify: Verify, account: Account) -> None:
    """Runs after the corruptions as before them: each one is put back."""
    result = verify()

    assert result.problems == ()
    assert {f.status for f in result.findings} == {Status.PASS}
    assert result.not_exercised == ()


def test_every_check_has_a_corruption_that_trips_it(
    checks: Mapping[str, Any], corruptions: list[Mapping[str, Any]]
) -> None:
    assert {case["check"] for case in corruptions} == set(checks)


def _known(account: Account) -> dict[str, str]:
    known: dict[str, str] = {}
    for resource in account.state["values"]["root_module"]["resources"]:
        for name, value in resource["values"].items():
            if isinstance(value, str):
                known[f"{resource['address']}.{name}"] = value
    s3 = account.client("s3")
    for bucket in ("tap-data-dev", "tap-trail-dev"):
        known[f"policy:{bucket}"] = s3.get_bucket_policy(Bucket=bucket)["Policy"]
    ec2 = account.client("ec2")
    known["gateway"] = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    tables = ec2.describe_route_tables(
        Filters=[{"Name": "vpc-id", "Values": [known["aws_vpc.main.id"]]}]
    )
    known["main_routes"] = tables["RouteTables"][0]["RouteTableId"]
    return known


def _send(account: Account, calls: list[Mapping[str, Any]], known: Mapping[str, str]) -> None:
    for call in calls:
        client = account.client(call["service"])
        getattr(client, call["operation"])(**_filled(call["with"], known))


def _filled(value: Json, known: Mapping[str, str]) -> Json:
    if isinstance(value, str):
        return _MARK.sub(lambda mark: known[mark[1]], value)
    if isinstance(value, list):
        return [_filled(item, known) for item in value]
    if isinstance(value, dict):
        return {key: _filled(item, known) for key, item in value.items()}
    return value
