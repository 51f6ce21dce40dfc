"""`revet iam validate`: formats, exit codes, what it says to bad input."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from tests.cli.conftest import Caller

ROOT = Path(__file__).parents[2]
GOOD = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::reports-111122223333/*",
        }
    ],
}
BAD = json.dumps(GOOD).replace("Allow", "Permit")


@pytest.fixture
def good(tmp_path: Path) -> str:
    """A policy without a finding."""
    path = tmp_path / "good.json"
    path.write_text(json.dumps(GOOD))
    return path.name


@pytest.fixture
def bad(tmp_path: Path) -> str:
    """A policy with one finding."""
    path = tmp_path / "bad.json"
    path.write_text(BAD)
    return path.name


def test_a_clean_policy_ends_with_0(call: Caller, good: str) -> None:
    done = call("iam", "validate", good, "--type", "identity")
    assert done.code == 0
    assert "1 policy: no findings (service data of 20" in done.out


def test_text_names_file_line_and_column(call: Caller, good: str, bad: str) -> None:
    done = call("iam", "validate", good, bad, "--type", "identity")
    assert done.code == 1
    column = BAD.index('"Permit"') + 1
    assert f"{bad}:1:{column} ERROR INVALID_EFFECT" in done.out
    assert "2 policies: 1 ERROR" in done.out


def test_json_fits_its_schema(call: Caller, good: str, bad: str) -> None:
    done = call("iam", "validate", good, bad, "--type", "identity", "--format", "json")
    content = json.loads(done.out)
    schema = json.loads((ROOT / "docs/schemas/policy-findings.schema.json").read_text())
    jsonschema.validate(content, schema)
    files = content["files"]
    assert [entry["file"] for entry in files] == [good, bad]
    assert files[0]["findings"] == []
    (finding,) = files[1]["findings"]
    assert finding["issueCode"] == "INVALID_EFFECT"
    assert finding["locations"][0]["path"] == [
        {"value": "Statement"},
        {"index": 0},
        {"value": "Effect"},
    ]
    span = finding["locations"][0]["span"]
    assert BAD[span["start"]["offset"] : span["end"]["offset"]] == '"Permit"'


def test_sarif_fits_the_official_schema(call: Caller, bad: str) -> None:
    done = call("iam", "validate", bad, "--type", "identity", "--format", "sarif")
    content = json.loads(done.out)
    schema = json.loads((ROOT / "tests/report/data/sarif-schema-2.1.0.json").read_text())
    jsonschema.Draft7Validator(schema).validate(content)
    (result,) = content["runs"][0]["results"]
    assert result["ruleId"] == "INVALID_EFFECT"
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region["startColumn"] == BAD.index('"Permit"') + 1


def test_a_text_that_is_no_json_is_a_finding(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text('{"Version": ')
    done = call("iam", "validate", "broken.json", "--type", "identity")
    assert done.code == 1
    assert "JSON_SYNTAX_ERROR" in done.out


@pytest.mark.parametrize(("level", "code"), [("error", 1), ("suggestion", 1), ("none", 0)])
def test_fail_on_decides_the_exit_code(call: Caller, bad: str, level: str, code: int) -> None:
    assert call("iam", "validate", bad, "--type", "identity", "--fail-on", level).code == code


def test_a_suggestion_does_not_block_by_default(call: Caller, tmp_path: Path) -> None:
    twice = dict(GOOD, Statement=[*GOOD["Statement"], *GOOD["Statement"]])
    (tmp_path / "twice.json").write_text(json.dumps(twice))
    done = call("iam", "validate", "twice.json", "--type", "identity")
    assert "SUGGESTION REDUNDANT_STATEMENT" in done.out
    assert done.code == 0


def test_output_goes_to_a_file(call: Caller, bad: str, tmp_path: Path) -> None:
    done = call("iam", "validate", bad, "--type", "identity", "-o", "found.txt")
    assert done.code == 1
    assert "INVALID_EFFECT" in (tmp_path / "found.txt").read_text()
    assert "INVALID_EFFECT" not in done.out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["missing.json", "--type", "identity"], 2, "missing.json"),
        (["good.json"], 3, "--type"),
        (["good.json", "--type", "user"], 3, "identity"),
        (["good.json", "--type", "identity", "--resource-type", "AWS::S3::Bucket"], 3, "resource"),
        (["good.json", "--type", "resource", "--resource-type", "bucket"], 3, "AWS::S3::Bucket"),
    ],
)
@pytest.mark.usefixtures("good")
def test_bad_input_is_explained(call: Caller, arguments: list[str], code: int, said: str) -> None:
    done = call("iam", "validate", *arguments)
    assert done.code == code
    assert said in done.err
    assert "Traceback" not in done.all


@pytest.mark.parametrize(
    ("kind", "code"), [("identity", 1), ("managed", 1), ("boundary", 0), ("session", 0)]
)
def test_what_grants_nothing_may_name_every_role(
    call: Caller, tmp_path: Path, kind: str, code: int
) -> None:
    statement = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    (tmp_path / "pass.json").write_text(json.dumps(policy))

    done = call("iam", "validate", "pass.json", "--type", kind)

    assert done.code == code
    assert ("PASS_ROLE_WITH_STAR_IN_RESOURCE" in done.out) is (code == 1)


@pytest.mark.parametrize("kind", ["managed", "boundary", "session"])
def test_only_resources_have_a_type(call: Caller, good: str, kind: str) -> None:
    done = call("iam", "validate", good, "--type", kind, "--resource-type", "AWS::S3::Bucket")
    assert done.code == 3
    assert "`--type resource`" in done.err
