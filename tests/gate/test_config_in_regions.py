"""What cases cannot say of AWS Config: two regions, with the same names in both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from revet.gate.baseline import Baseline
from revet.gate.catalog import load_catalog
from revet.gate.engine import run_controls
from revet.gate.selection import select
from revet.model.finding import Status
from revet.plan import load_plan

MakePlan = Callable[..., dict[str, Any]]
CATALOG = load_catalog()
IDENTIFIER = "S3_DEFAULT_ENCRYPTION_KMS"
ROLE = {"name": "AutomationAssumeRole", "static_value": "arn:aws:iam::111122223333:role/fix"}
RULE = {"name": "encryption", "source": [{"owner": "AWS", "source_identifier": IDENTIFIER}]}
REMEDIATION = {
    "config_rule_name": "encryption",
    "target_type": "SSM_DOCUMENT",
    "target_id": "AWS-EnableS3BucketEncryption",
    "automatic": True,
    "parameter": [ROLE],
}
CHANNEL = {"name": "default", "s3_bucket_name": "audit"}


def recorder(*, global_types: bool) -> dict[str, Any]:
    group = {"all_supported": True, "include_global_resource_types": global_types}
    role = "arn:aws:iam::111122223333:role/config"
    return {"name": "default", "role_arn": role, "recording_group": [group]}


def status(name: str, *, on: bool = True) -> dict[str, Any]:
    waits = [f"aws_config_delivery_channel.{name}"]
    return {"name": "default", "is_enabled": on, "depends_on": waits}


def answers(
    plan: dict[str, Any],
    control: str,
    settings: Mapping[str, Any] | None = None,
    region: str = "eu-west-1",
) -> dict[str, Status]:
    """The answers for a plan in which whatever is called `there` is in another region."""
    configuration = plan["configuration"]
    configuration["provider_config"]["aws.there"] = {
        "name": "aws",
        "alias": "there",
        "full_name": configuration["provider_config"]["aws"]["full_name"],
        "expressions": {"region": {"constant_value": region}},
    }
    for one in configuration["root_module"]["resources"]:
        if one["name"] == "there":
            one["provider_config_key"] = "aws.there"
    asked = Baseline("test", controls=(control,), settings={control: settings or {}})
    judged = run_controls(load_plan(plan), select(CATALOG, asked, None), subject="plan")
    assert judged.problems == ()
    return {one.address.rpartition(".")[2]: one.status for one in judged.findings}


@pytest.mark.parametrize(
    ("statuses", "there"),
    [
        ({"here": status("here"), "there": status("there")}, Status.PASS),
        ({"here": status("here"), "there": status("there", on=False)}, Status.FAIL),
        ({"here": status("here")}, Status.FAIL),
    ],
)
def test_each_region_has_a_recorder_that_is_on(
    make_plan: MakePlan, statuses: dict[str, Any], there: Status
) -> None:
    """The global types are recorded in one of them, and that is enough."""
    recorders = {"here": recorder(global_types=True), "there": recorder(global_types=False)}
    plan = make_plan(
        {
            "aws_config_configuration_recorder": recorders,
            "aws_config_delivery_channel": {"here": CHANNEL, "there": CHANNEL},
            "aws_config_configuration_recorder_status": statuses,
        }
    )

    assert answers(plan, "config-recorder-on") == {"here": Status.PASS, "there": there}


def test_a_recorder_is_not_switched_on_in_another_region(make_plan: MakePlan) -> None:
    plan = make_plan(
        {
            "aws_config_configuration_recorder": {"there": recorder(global_types=True)},
            "aws_config_delivery_channel": {"here": CHANNEL, "there": CHANNEL},
            "aws_config_configuration_recorder_status": {"here": status("here")},
        }
    )

    assert answers(plan, "config-recorder-on") == {"there": Status.FAIL}


@pytest.mark.parametrize(
    ("region", "status_there"), [("ap-southeast-3", Status.PASS), ("eu-central-2", Status.FAIL)]
)
def test_not_every_region_records_the_types_of_iam(
    make_plan: MakePlan, region: str, status_there: Status
) -> None:
    """Nor does a state show which region it is."""
    plan = make_plan(
        {
            "aws_config_configuration_recorder": {"there": recorder(global_types=True)},
            "aws_config_delivery_channel": {"there": CHANNEL},
            "aws_config_configuration_recorder_status": {"there": status("there")},
        }
    )

    assert answers(plan, "config-recorder-on", region=region) == {"there": status_there}


@pytest.mark.parametrize("rules", [("here", "there"), ("there",)])
def test_a_rule_is_not_corrected_in_another_region(
    make_plan: MakePlan, rules: tuple[str, ...]
) -> None:
    plan = make_plan(
        {
            "aws_config_config_rule": dict.fromkeys(rules, RULE),
            "aws_config_remediation_configuration": {"here": REMEDIATION},
        }
    )

    found = answers(plan, "config-rule-remediation", {"identifiers": (IDENTIFIER,)})

    wanted = {"here": Status.PASS, "there": Status.FAIL}
    assert found == {name: wanted[name] for name in rules}
