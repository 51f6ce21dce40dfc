"""`revet iam authorize` and `revet iam explain`: forms, exit codes, what they say to bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.cli.conftest import Caller

from revet.cli.iam.authorize import decide_lines
from revet.iam.document import PolicyDocument, parse_policy

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
ROLE = "arn:aws:iam::111122223333:role/app"
OBJECT = "arn:aws:s3:::reports-111122223333/july.csv"


def policy(effect: str = "Allow", **condition: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    statement: dict[str, Any] = {
        "Sid": "Read",
        "Effect": effect,
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports-111122223333/*",
    }
    if condition:
        statement["Condition"] = condition
    return {"Version": "2012-10-17", "Statement": [statement]}


def case(name: str, *policies: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {
        "name": name,
        "request": {"principal": ROLE, "action": "s3:GetObject", "resource": OBJECT, "context": {}},
        "principal_account": "111122223333",
        "resource_account": "111122223333",
        "identity_policies": list(policies),
        **more,
    }


CASES = [
    case("allowed", policy()),
    case("denied", policy(), policy("Deny")),
    case("nothing"),
    case("edge", policy(), permissions_boundary=policy("Deny")),
    case("level", policy(), service_control_policies=[[policy()], []]),
    case("operator", policy(StringSort={"aws:username": "ann"})),
]
DECISIONS = [
    "allowed",
    "explicitly_denied",
    "implicitly_denied",
    "explicitly_denied",
    "implicitly_denied",
    "unknown",
]


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    return found


def test_each_case_is_decided_in_its_order(call: Caller, tmp_path: Path) -> None:
    for item in CASES:
        jsonschema.validate(item, schema("authorization-case"))
    lines = "\n".join(map(json.dumps, CASES))
    (tmp_path / "cases.jsonl").write_text(lines + "\n")
    done = call("iam", "authorize", "--cases", "cases.jsonl")
    answers = [json.loads(line) for line in done.out.splitlines()]
    for answer in answers:
        jsonschema.validate(answer, schema("authorization-decision"))
    assert [answer["name"] for answer in answers] == [item["name"] for item in CASES]
    assert [answer["decision"] for answer in answers] == DECISIONS
    assert answers[0]["by"][0]["sid"] == "Read"
    assert answers[2]["blocked_by"][0]["layer"] == "identity policy"
    assert "StringSort" in answers[5]["reasons"][0]
    assert done.code == 2
    assert "1 of 6 cases could not be decided" in done.err


def test_all_decided_ends_with_0(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_text("\n".join(map(json.dumps, CASES[:5])))
    assert call("iam", "authorize", "--cases", "cases.jsonl").code == 0


def test_a_broken_line_does_not_lose_the_others(call: Caller, tmp_path: Path) -> None:
    wrong = dict(CASES[0], name="typo", identity_polices=[])
    lines = [json.dumps(CASES[0]), "{", json.dumps(wrong), "", json.dumps(CASES[1])]
    (tmp_path / "cases.jsonl").write_text("\n".join(lines))
    done = call("iam", "authorize", "--cases", "cases.jsonl", "-o", "decisions.jsonl")
    answers = [json.loads(line) for line in (tmp_path / "decisions.jsonl").read_text().splitlines()]
    decisions = ["allowed", "unknown", "unknown", "explicitly_denied"]
    assert [answer["decision"] for answer in answers] == decisions
    assert answers[1]["reasons"][0].startswith("line 2: a line is not valid JSON")
    assert "line 3" in answers[2]["reasons"][0]
    assert "identity_polices" in answers[2]["reasons"][0]
    assert answers[2]["name"] == "typo"
    assert done.code == 2


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["authorize"], 3, "--cases"),
        (["authorize", "--cases", "missing.jsonl"], 2, "missing.jsonl"),
        (["authorize", "--cases", "empty.jsonl"], 2, "no case to decide"),
        (["authorize", "--cases", "latin.jsonl"], 2, "UTF-8"),
        (["explain"], 3, "--principal"),
        (["explain", "--principal", ROLE], 3, "--action"),
        (["explain", "--principal", ROLE, "--action", "s3:*"], 2, "request.action"),
        (["explain", "--case", "list.json"], 2, "list.json"),
        (["explain", "--case", "empty.jsonl"], 2, "empty.jsonl"),
        (["explain", "--case", "a.json", "--action", "s3:GetObject"], 3, "--case"),
        (
            ["explain", "--principal", ROLE, "--action", "s3:GetObject", "--context", "a"],
            3,
            "KEY=VALUE",
        ),
        (
            ["explain", "--principal", ROLE, "--action", "s3:GetObject", "--scp", "no.json"],
            2,
            "no.json",
        ),
        (
            ["explain", "--principal", ROLE, "--action", "s3:GetObject", "--rcp", "latin.jsonl"],
            2,
            "UTF-8",
        ),
    ],
)
def test_bad_input_is_explained(
    call: Caller, tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    (tmp_path / "empty.jsonl").write_text("\n\n")
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "latin.jsonl").write_bytes(b'{"name": "\xe9"}')
    done = call("iam", *arguments)
    assert done.code == code
    assert said in done.err
    assert "Traceback" not in done.all


@pytest.fixture
def files(tmp_path: Path) -> None:
    """Policy files beside the call."""
    (tmp_path / "read.json").write_text(json.dumps(policy()))
    (tmp_path / "ops.json").write_text(
        json.dumps(policy(StringEquals={"aws:PrincipalTag/team": "ops"}))
    )
    (tmp_path / "deny.json").write_text(json.dumps(policy("Deny")))


ASK = ["explain", "--principal", ROLE, "--action", "s3:GetObject", "--resource", OBJECT,
       "--resource-account", "111122223333"]  # fmt: skip


@pytest.mark.usefixtures("files")
def test_an_allowed_request_names_its_statement(call: Caller) -> None:
    done = call("iam", *ASK, "--identity-policy", "read.json")
    assert done.code == 0
    assert done.out.startswith(f"allowed: {ROLE} s3:GetObject {OBJECT}\n")
    assert "Allow decides: `read.json`, statement 0 `Read`, line 1" in done.out


@pytest.mark.usefixtures("files")
def test_a_missing_key_is_named(call: Caller) -> None:
    done = call("iam", *ASK, "--identity-policy", "ops.json")
    assert done.code == 1
    assert "identity policy (`ops.json`)  blocks: no statement allows" in done.out
    assert "wants `ops`: the request does not have the key" in done.out
    assert "keys that the request does not have: aws:principaltag/team" in done.out


@pytest.mark.usefixtures("files")
def test_a_key_of_the_context_counts(call: Caller) -> None:
    tag = "aws:PrincipalTag/team=ops"
    assert call("iam", *ASK, "--identity-policy", "ops.json", "--context", tag).code == 0


@pytest.mark.usefixtures("files")
def test_the_layer_that_denies_is_named(call: Caller) -> None:
    done = call("iam", *ASK, "--identity-policy", "read.json", "--scp", "read.json",
                "--scp", "deny.json", "--format", "json")  # fmt: skip
    assert done.code == 1
    answer = json.loads(done.out)
    assert answer["decision"] == "explicitly_denied"
    denying = [view for view in answer["layers"] if view["statements"]
               and view["statements"][0]["effect"] == "Deny"]  # fmt: skip
    assert [(view["layer"], view["level"]) for view in denying] == [("service control policy", 1)]


def test_a_case_can_be_explained(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "case.json").write_text(json.dumps(CASES[5]))
    done = call("iam", "explain", "--case", "case.json")
    assert done.code == 2
    assert "not known: " in done.out
    assert "StringSort" in done.out


@pytest.mark.usefixtures("files")
def test_policies_of_one_level_are_named_by_their_files(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "full.json").write_text(json.dumps(policy()))
    (tmp_path / "guard.json").write_text(json.dumps(policy("Deny")))
    (tmp_path / "a,b.json").write_text(json.dumps(policy()))
    asked = ("iam", *ASK, "--identity-policy", "read.json", "--scp", "a,b.json")
    assert call(*asked).code == 0
    done = call(*asked, "--scp", "full.json,guard.json")
    assert done.code == 1
    assert "service control policy, level 1 (`full.json`, `guard.json`)" in done.out
    assert "Deny decides: `guard.json`, statement 0 `Read`" in done.out


@pytest.mark.usefixtures("files")
def test_without_the_account_of_a_bucket_the_option_is_named(call: Caller) -> None:
    asked = [word for word in ASK if word not in ("--resource-account", "111122223333")]
    done = call("iam", *asked, "--identity-policy", "read.json")
    assert done.code == 2
    assert "--resource-account" in done.out


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("operator", "values", "wanted"),
    [
        ("StringNotEquals", "eu-west-1", "another value than `eu-west-1`"),
        ("StringNotLike", ["eu-*", "us-*"], "none of `eu-*`, `us-*`"),
        ("StringEquals", ["us-east-1", "us-west-2"], "`us-east-1` or `us-west-2`"),
    ],
)
def test_what_a_condition_wants_is_said_rightly(
    call: Caller,
    tmp_path: Path,
    operator: str,
    values: str | list[str],
    wanted: str,
) -> None:
    found = policy("Allow", **{operator: {"aws:RequestedRegion": values}})
    (tmp_path / "region.json").write_text(json.dumps(found))
    done = call(
        "iam",
        *ASK,
        "--identity-policy",
        "region.json",
        "--context",
        "aws:RequestedRegion=eu-west-1",
    )
    assert done.code == 1
    assert f"wants {wanted}: the request has `eu-west-1`" in done.out


def test_equal_policies_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []

    def parse(value: str | dict[str, Any]) -> PolicyDocument:
        read.append(value)
        return parse_policy(value)

    monkeypatch.setattr("revet.iam.evaluate.cases.parse_policy", parse)
    lines = [json.dumps(case(str(number), policy(), policy("Deny"))) for number in range(50)]
    lines += [json.dumps(case("other", policy()))]
    assert [answer["decision"] for answer in decide_lines(lines)] == [
        *["explicitly_denied"] * 50,
        "allowed",
    ]
    assert len(read) == 3
