from __future__ import annotations

import inspect
import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cdktn
import pytest

from lib.tap_stack import TapStack
from revet.iam.reference.regions import all_regions
from revet.model.errors import ArgumentError
from revet.model.requirement import RequirementSet

if TYPE_CHECKING:
    from tests.blueprints.tap.conftest import MakeTap

ROOT = Path(__file__).parents[3]
REQUIREMENTS = ROOT / "src/revet/blueprints/tap/requirements.toml"
CONTROLS = ROOT / "src/revet/gate/controls"


def test_the_signature_is_the_required_one() -> None:
    assert str(inspect.signature(TapStack.__init__)) == (
        "(self, scope: 'Construct', construct_id: 'str', environment_suffix: 'str' = 'dev', "
        "aws_region: 'str' = 'us-west-2', state_bucket: 'str' = 'iac-rlhf-tf-states', "
        "state_bucket_region: 'str' = 'us-west-2', "
        "default_tags: 'dict[str, Any] | None' = None, **kwargs: 'Any') -> 'None'"
    )
    assert issubclass(TapStack, cdktn.TerraformStack)


def test_a_plain_app_will_do(tmp_path: Path) -> None:
    app = cdktn.App(outdir=str(tmp_path))
    TapStack(app, "TapStack")
    app.synth()
    assert (tmp_path / "stacks/TapStack/cdk.tf.json").is_file()


BACKENDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "by default": (
        {},
        {
            "bucket": "iac-rlhf-tf-states",
            "key": "dev/TapStack.tfstate",
            "region": "us-west-2",
            "encrypt": True,
            "use_lockfile": True,
        },
    ),
    "with a lock table": (
        {"lock": "dynamodb", "environment_suffix": "qa", "state_bucket": "states"},
        {
            "bucket": "states",
            "key": "qa/TapStack.tfstate",
            "region": "us-west-2",
            "encrypt": True,
            "dynamodb_table": "terraform-state-lock-qa",
        },
    ),
    "with both": (
        {"lock": "both", "state_bucket_region": "eu-west-1"},
        {
            "bucket": "iac-rlhf-tf-states",
            "key": "dev/TapStack.tfstate",
            "region": "eu-west-1",
            "encrypt": True,
            "use_lockfile": True,
            "dynamodb_table": "terraform-state-lock-dev",
        },
    ),
}


@pytest.mark.parametrize("case", BACKENDS)
def test_state_is_remote_encrypted_and_locked(make_tap: MakeTap, case: str) -> None:
    arguments, expected = BACKENDS[case]
    assert make_tap(**arguments)["terraform"]["backend"] == {"s3": expected}


TAGS: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "by default": (
        {},
        {"Environment": "dev", "Owner": "unassigned", "Purpose": "secure-application"},
    ),
    "flat": (
        {"default_tags": {"Team": "a"}, "owner": "o", "purpose": "p"},
        {"Environment": "dev", "Owner": "o", "Purpose": "p", "Team": "a"},
    ),
    "nested": (
        {"default_tags": {"tags": {"Team": "a", "Owner": "me"}}},
        {"Environment": "dev", "Owner": "me", "Purpose": "secure-application", "Team": "a"},
    ),
}


@pytest.mark.parametrize("case", TAGS)
def test_tags(make_tap: MakeTap, case: str) -> None:
    arguments, expected = TAGS[case]
    made = make_tap(**arguments)
    assert made["provider"]["aws"][0]["default_tags"] == [{"tags": expected}]
    for instances in made["resource"].values():
        for body in instances.values():
            if "tags" in body:
                assert body["tags"].items() >= expected.items()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"owners": "x"}, "did you mean `owner`"),
        ({"environment_suffix": "Dev"}, "environment_suffix"),
        ({"aws_region": "us-west-9"}, "aws_region"),
        ({"state_bucket_region": "nowhere"}, "state_bucket_region"),
        ({"state_bucket": ""}, "state_bucket"),
        ({"lifecycle": "temporary"}, "EPHEMERAL"),
        ({"lifecycle": "EPHEMERAL", "environment_suffix": "prod"}, "PROTECTED"),
        ({"vpc_cidr": "10.0.0.0/33"}, "vpc_cidr"),
        ({"allowed_ip_ranges": ["10.0.0.0/8"]}, "allowed_ip_ranges"),
        ({"lock": "none"}, "lockfile"),
        ({"default_tags": {"tags": "x"}}, "default_tags"),
        ({"default_tags": {"Owner": ""}}, "Owner"),
    ],
)
def test_a_bad_argument_leaves_no_stack_behind(
    tmp_path: Path, arguments: dict[str, Any], says: str
) -> None:
    app = cdktn.App(outdir=str(tmp_path))
    with pytest.raises(ArgumentError, match=says):
        TapStack(app, "TapStack", **arguments)
    assert app.node.children == []


def test_no_region_is_written_in(make_tap: MakeTap) -> None:
    text = json.dumps(make_tap(aws_region="eu-central-1", state_bucket_region="eu-central-1"))
    assert "us-west-2" not in text
    assert "us-east-1" not in text
    text = json.dumps(make_tap(aws_region="cn-north-1", state_bucket_region="cn-north-1"))
    assert "arn:aws:" not in text


def test_the_longest_suffix_fits_in_the_longest_region(make_tap: MakeTap) -> None:
    longest = max(all_regions(), key=len)
    assert make_tap(environment_suffix="a" * 20, aws_region=longest)


def test_requirements_name_constructs_that_are_made_and_controls_that_exist(
    make_tap: MakeTap,
) -> None:
    rows = RequirementSet.from_dict("tap", tomllib.loads(REQUIREMENTS.read_text())).rows
    assert [row.id for row in rows] == [
        "TAP-01", "TAP-02", "TAP-03", "TAP-04", "TAP-05",
        "TAP-06", "TAP-07", "TAP-08", "TAP-09", "TAP-10", "TAP-12",
    ]  # fmt: skip
    made = {item["construct"] for item in make_tap()["//"]["revet"]["constructs"]}
    existing = {
        f"{path.parent.name}-{path.stem}".replace("_", "-") for path in CONTROLS.glob("*/*.py")
    }
    for row in rows:
        assert row.constructs
        assert set(row.constructs) <= made
        assert set(row.controls) <= existing
        assert row.controls or row.id == "TAP-01"


def test_keys_are_separate(make_tap: MakeTap) -> None:
    made = make_tap()["resource"]
    assert len(made["aws_kms_key"]) == 3
    (database,) = made["aws_db_instance"].values()
    (trail,) = made["aws_cloudtrail"].values()
    used = {
        database["kms_key_id"],
        database["master_user_secret_kms_key_id"],
        trail["kms_key_id"],
    }
    assert len(used) == 3


def test_outputs_are_those_of_the_requirement(make_tap: MakeTap) -> None:
    settings = tomllib.loads(REQUIREMENTS.read_text())["settings"]
    outputs = make_tap()["output"]
    assert sorted(outputs) == sorted(settings["terraform-outputs"]["names"])
    assert all(item["value"] for item in outputs.values())
    assert not any(item.get("sensitive") for item in outputs.values())
