"""Case files: what they may say, what becomes of it, and that a wrong answer is noticed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.gate.case_file import load_cases, run_case
from tests.gate.case_plan import plan_json

from revet.gate.catalog import load_catalog
from revet.model.errors import CatalogError, ConfigError, RevetError
from revet.plan import load_plan

VERSIONING = load_catalog(only=["s3-bucket-versioning"])["s3-bucket-versioning"]
BUCKET = """
[[case]]
name = "one"
kind = "{kind}"
{more}
[case.resource.aws_s3_bucket.data]
bucket = "data"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "s3" / "bucket_versioning.toml"
    path.parent.mkdir()
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("kind", "more", "wrong"),
    [
        ("noncompliant", "", ""),
        ("noncompliant", 'why = "names this bucket"', ""),
        ("noncompliant", 'expect = { "aws_s3_bucket.data" = "noncompliant" }', ""),
        ("compliant", "", "fail instead of pass"),
        ("unknown", "", "fail instead of unknown"),
        ("noncompliant", 'why = "moonshine"', "explained with"),
        ("noncompliant", 'expect = { "aws_s3_bucket.data" = "compliant" }', "fail instead of pass"),
        ("noncompliant", 'expect = { "aws_s3_bucket.x" = "noncompliant" }', "not judged"),
    ],
)
def test_a_wrong_answer_is_noticed(tmp_path: Path, kind: str, more: str, wrong: str) -> None:
    [case] = load_cases(write(tmp_path, BUCKET.format(kind=kind, more=more))).cases
    told = run_case(VERSIONING, case)
    assert (wrong in "\n".join(told)) if wrong else (told == ())


def test_a_case_without_subject_is_wrong(tmp_path: Path) -> None:
    text = BUCKET.format(kind="compliant", more="").replace("aws_s3_bucket", "aws_sns_topic")
    [case] = load_cases(write(tmp_path, text)).cases
    assert "nothing was judged" in run_case(VERSIONING, case)[0]


def test_kinds_that_lack_and_kinds_left_out_with_a_reason(tmp_path: Path) -> None:
    text = BUCKET.format(kind="compliant", more="")
    path = write(tmp_path, '[omitted]\nunknown = "always known"\nnoncompliant = " "\n' + text)
    assert load_cases(path).lacking == ("noncompliant",)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (BUCKET.format(kind="good", more=""), CatalogError),
        (BUCKET.format(kind="compliant", more='expect = { x = "good" }'), CatalogError),
        (BUCKET.format(kind="compliant", more="") * 2, CatalogError),
        (BUCKET.format(kind="compliant", more='unknown = ["aws_s3_bucket.x.id"]'), CatalogError),
        (BUCKET.format(kind="compliant", more="") + 'acl = "${aws_x.y.z}"', CatalogError),
        (BUCKET.format(kind="compliant", more="extra = 1"), ConfigError),
        (BUCKET.format(kind="compliant", more="").replace('name = "one"', ""), ConfigError),
        ("", ConfigError),
    ],
)
def test_refuses_a_wrong_file(tmp_path: Path, text: str, error: type[RevetError]) -> None:
    with pytest.raises(error) as caught:
        load_cases(write(tmp_path, text))
    assert "bucket_versioning.toml" in caught.value.where


def planned(resources: dict[str, Any], **case: Any) -> dict[str, Any]:  # noqa: ANN401 - handed on
    changes = plan_json({"resource": resources, **case}, "test")["resource_changes"]
    return {change["address"]: change["change"] for change in changes}


def test_plans_look_like_those_of_terraform() -> None:
    """Compared with a plan of Terraform 1.11.4 and provider 5.100.0 for the same resources."""
    found = planned(
        {
            "aws_s3_bucket": {"b": {"bucket": "bbb-1"}},
            "aws_s3_bucket_versioning": {
                "b": {
                    "bucket": "${aws_s3_bucket.b.id}",
                    "versioning_configuration": [{"status": "Enabled"}],
                },
                "c": {"bucket": "${aws_s3_bucket.b.bucket}"},
            },
            "aws_kms_key": {"u": {"tags": {"Owner": "${terraform_data.later.output}", "E": "e"}}},
        }
    )
    versioning = found["aws_s3_bucket_versioning.b"]
    assert versioning["after"] == {"versioning_configuration": [{"status": "Enabled"}]}
    assert versioning["after_unknown"] == {
        "bucket": True, "id": True, "versioning_configuration": [{"mfa_delete": True}],
    }  # fmt: skip
    assert found["aws_s3_bucket_versioning.c"]["after"] == {"bucket": "bbb-1"}
    assert found["aws_kms_key.u"]["after_unknown"]["tags"] is True
    assert found["aws_kms_key.u"]["after_unknown"]["tags_all"] is True
    bucket = found["aws_s3_bucket.b"]["after_unknown"]
    assert {"id", "arn", "versioning", "tags_all", "policy"} <= bucket.keys()
    assert found["terraform_data.later"]["after_unknown"] == {"id": True, "output": True}


def test_tags_are_merged_with_the_default_tags() -> None:
    provider = {"aws": {"default_tags": [{"tags": {"A": "1", "B": "1"}}]}}
    found = planned({"aws_kms_key": {"k": {"tags": {"B": "2"}}}}, provider=provider)
    assert found["aws_kms_key.k"]["after"]["tags_all"] == {"A": "1", "B": "2"}


def test_an_escaped_template_is_text() -> None:
    plan = load_plan(plan_json({"resource": {"aws_kms_key": {"k": {"description": "$${x}"}}}}, ""))
    assert plan.resources["aws_kms_key.k"].get("description") == "${x}"
