"""What an account shows of a stack's lifecycle, and what is said of the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from revet.model.finding import Finding, Status
from revet.model.requirement import Judged, Requirement, RequirementSet
from revet.model.verdict import Verdict

Account = Any  # of conftest.py
Judge = Callable[..., Verdict]
CONTROL = "terraform-one-lifecycle"


def asked(deployed: Judge, lifecycle: str) -> Finding:
    row = Requirement("R", "one lifecycle", (Judged.LIVE,), (), (CONTROL,))
    verdict = deployed(
        requirements=RequirementSet("r", (row,), {CONTROL: {"lifecycle": lifecycle}})
    )
    [found] = [finding for finding in verdict.findings if finding.control == CONTROL]
    return found


def test_what_only_terraform_knows_is_said(deployed: Judge) -> None:
    found = asked(deployed, "EPHEMERAL")

    assert found.status is Status.PASS
    assert found.implemented.startswith("deletion protection of 1 says EPHEMERAL; an account does")
    assert "`force_destroy`, `skip_final_snapshot`" in found.implemented


def test_protection_that_is_off_is_found(deployed: Judge) -> None:
    found = asked(deployed, "PROTECTED")

    assert found.status is Status.FAIL
    assert found.paths == ("aws_db_instance.main.deletion_protection",)


@pytest.fixture
def table(account: Account) -> Any:  # noqa: ANN401
    client = account.client("dynamodb")
    client.create_table(
        TableName="of-another-stack",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        DeletionProtectionEnabled=True,
    )
    client_rds = account.client("rds")
    client_rds.create_db_instance(
        DBInstanceIdentifier="of-another-stack",
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="postgres",
        ManageMasterUserPassword=True,
        DeletionProtection=True,
    )
    yield
    account.rebuild()


@pytest.mark.usefixtures("table")
def test_other_stacks_of_the_account_may_have_another(deployed: Judge) -> None:
    assert asked(deployed, "").status is Status.PASS
