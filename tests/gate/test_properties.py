"""Properties as data: proved over plans, refuted with a request, or not known."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.gate.case_plan import plan_json

from revet.gate.properties import Proofs, read_properties
from revet.iam.certificate import check_certificate
from revet.iam.prove.properties import Proved
from revet.model.errors import ConfigError, InputError
from revet.plan import load_plan
from revet.plan.values import Symbolic

ROOT = Path(__file__).parents[2]
TAP = ROOT / "src/revet/blueprints/tap/properties.toml"
SCHEMA = json.loads((ROOT / "docs/schemas/certificate.schema.json").read_text())
GOOD = json.loads((ROOT / "tests/mutations/tap/plans/good.json").read_text())["plan"]
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        },
    }
)


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {**allow(action, resource, **more), "Effect": "Deny"}


def proved(
    tmp_path: Path, resources: dict[str, Any], text: str, unknown: tuple[str, ...] = ()
) -> Any:  # noqa: ANN401 - `Proved`
    path = tmp_path / "properties.toml"
    path.write_text(
        f'[[property]]\nid = "a-property"\nrequirement = "R-1"\ntext = "It holds."\n{text}'
    )
    [one] = read_properties(path)
    raw = {"resource": resources, "unknown": list(unknown)}
    found = Proofs(load_plan(plan_json(raw, "a test"))).prove(one)
    require_certificate(found)
    return found


def require_certificate(found: Proved) -> None:
    """Require that an answer without a request has a certificate, and that it checks."""
    assert (found.certificate is not None) is (found.holds != "unknown" and not found.witness)
    assert bool(found.uncertified) is (found.witness is not None)
    if found.certificate is not None:
        content = json.loads(found.certificate.text)
        jsonschema.validate(content, SCHEMA)
        assert check_certificate(content) == []
        assert found.certificate.digest() == hashlib.sha256(canonical(content)).hexdigest()


def canonical(content: Any) -> bytes:  # noqa: ANN401 - JSON
    """What the hash is of, as the schema says."""
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


def role(identity: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {
        "aws_iam_role": {"app": {"name": "app", "assume_role_policy": TRUST, **more}},
        "aws_iam_role_policy": {"app": {"role": "${aws_iam_role.app.id}", "policy": identity}},
    }


NOT_GRANTED = 'check = "access-not-granted"\nsubject = "aws_iam_role.app"\n'
READS = 'actions = ["s3:GetObject"]\nresources = ["arn:aws:s3:::data/*"]\n'
WRITES = 'actions = ["s3:PutObject"]\nresources = ["arn:aws:s3:::data/*"]\n'


def test_the_properties_of_the_application_stack() -> None:
    proofs = Proofs(load_plan(GOOD))
    found = {one.id: proofs.prove(one) for one in read_properties(TAP)}
    assert {name: item.holds.value for name, item in found.items()} == {
        "people-without-mfa-key-get-self-service-only": "holds",
        "people-without-mfa-get-self-service-only": "holds",
        "people-cannot-drop-mfa-without-mfa": "holds",
        "trail-bucket-is-not-public": "holds",
        # The root user of the account may write there: no policy denies it.
        "only-cloudtrail-writes-into-the-trail-bucket": "fails",
        # The plan does not know the trail's ARN, which the bucket's policy writes out.
        "cloudtrail-writes-for-this-trail-only": "unknown",
    }
    for item in found.values():
        require_certificate(item)
    witness = found["only-cloudtrail-writes-into-the-trail-bucket"].witness
    assert witness is not None
    assert witness.principal == "arn:aws:iam::123456789012:root"


def test_a_role_that_reads_and_does_not_write(tmp_path: Path) -> None:
    made = role(policy(allow("s3:Get*", "arn:aws:s3:::data/*")))
    assert proved(tmp_path, made, NOT_GRANTED + WRITES).holds == "holds"
    assert proved(tmp_path, made, NOT_GRANTED + READS).holds == "fails"
    possible = NOT_GRANTED.replace("access-not-granted", "stays-possible")
    assert proved(tmp_path, made, possible + READS).holds == "holds"
    assert proved(tmp_path, made, possible + WRITES).holds == "fails"


def test_a_boundary_takes_away(tmp_path: Path) -> None:
    made = role(policy(allow("*")), permissions_boundary="${aws_iam_policy.edge.arn}")
    made["aws_iam_policy"] = {"edge": {"name": "edge", "policy": policy(allow("s3:Get*"))}}
    assert proved(tmp_path, made, NOT_GRANTED + WRITES).holds == "holds"


def test_a_bucket_policy_denies(tmp_path: Path) -> None:
    made = role(policy(allow("s3:*")))
    made["aws_s3_bucket"] = {"data": {"bucket": "data"}}
    everybody = {"Principal": "*"}
    made["aws_s3_bucket_policy"] = {
        "data": {
            "bucket": "${aws_s3_bucket.data.id}",
            "policy": policy(deny("s3:Put*", "${aws_s3_bucket.data.arn}/*", **everybody)),
        }
    }
    text = NOT_GRANTED + WRITES.replace("arn:aws:s3:::data/*", "*")
    assert proved(tmp_path, made, text).holds == "fails"  # into other buckets
    assert (
        proved(tmp_path, made, text.replace('["*"]', '["${aws_s3_bucket.data.arn}/*"]')).holds
        == "holds"
    )


def test_a_region_guard(tmp_path: Path) -> None:
    guard = deny("*", Condition={"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}})
    made = role(policy(allow("*"), guard))
    outside = '[[property.context]]\nkey = "aws:RequestedRegion"\nother_than = ["eu-west-1"]\n'
    text = NOT_GRANTED + 'actions = ["ec2:*"]\nresources = ["*"]\n' + outside
    assert proved(tmp_path, made, text).holds == "holds"
    weaker = role(policy(allow("*"), {**guard, "Action": "s3:*"}))
    assert proved(tmp_path, weaker, text).holds == "fails"


def test_what_is_not_known_of_a_role_is_not_proved(tmp_path: Path) -> None:
    made = role(policy(allow("s3:Get*")))
    found = proved(tmp_path, made, NOT_GRANTED + WRITES, ("aws_iam_role_policy.app.policy",))
    assert found.holds == "unknown"
    assert "aws_iam_role_policy.app" in "; ".join(found.doubts)


def test_a_bucket_policy_that_is_not_known_may_grant(tmp_path: Path) -> None:
    made = role(policy(allow("s3:Get*", "arn:aws:s3:::other/*")))
    made["aws_s3_bucket"] = {"data": {"bucket": "data"}}
    made["aws_s3_bucket_policy"] = {"data": {"bucket": "${aws_s3_bucket.data.id}"}}
    found = proved(tmp_path, made, NOT_GRANTED + WRITES, ("aws_s3_bucket_policy.data.policy",))
    assert found.holds == "unknown"


def test_who_is_not_shown_may_write(tmp_path: Path) -> None:
    made = {"aws_s3_bucket": {"data": {"bucket": "data"}}}
    grant = allow(
        "s3:GetObject", "${aws_s3_bucket.data.arn}/*", Principal={"Service": "a.amazonaws.com"}
    )
    root = deny(
        "s3:*",
        "*",
        Principal="*",
        Condition={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}},
    )
    text = NOT_GRANTED.replace("aws_iam_role.app", "aws_s3_bucket.data") + WRITES.replace(
        "arn:aws:s3:::data/*", "*"
    )

    def asked(*statements: dict[str, Any]) -> Any:  # noqa: ANN401 - `Proved`
        bucket = {"bucket": "${aws_s3_bucket.data.id}", "policy": policy(*statements)}
        return proved(tmp_path, {**made, "aws_s3_bucket_policy": {"data": bucket}}, text)

    assert asked(grant).holds == "fails"  # the root user
    assert asked(grant, root).holds == "unknown"
    assert "not shown" in "; ".join(asked(grant, root).doubts)
    everybody = deny("s3:Put*", "*", Principal="*")
    assert asked(grant, everybody).holds == "holds"


@pytest.mark.parametrize(
    "context",
    [
        '[[property.context]]\nkey = "aws:SourceArn"\nvalues = ["trail_arn"]\n',
        '[[property.context]]\nkey = "aws:SecureTransport"\nvalues = ["maybe"]\n',
    ],
)
@pytest.mark.parametrize("check", ["access-not-granted", "stays-possible"])
def test_a_property_of_no_request_says_nothing(tmp_path: Path, check: str, context: str) -> None:
    text = NOT_GRANTED.replace("access-not-granted", check) + WRITES + context
    found = proved(tmp_path, role(policy(allow("*"))), text)
    assert found.holds == "unknown"
    assert "no request" in found.doubts[0]


def test_a_resource_that_is_not_an_arn(tmp_path: Path) -> None:
    text = NOT_GRANTED + WRITES.replace("arn:aws:s3:::data/*", "data_bucket_arn")
    with pytest.raises(InputError, match="not an ARN"):
        proved(tmp_path, role(policy(allow("s3:Get*"))), text)


def test_an_output_whose_value_is_not_known(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text(
        '[[property]]\nid = "a-b"\nrequirement = "R"\ntext = "t"\n'
        'check = "access-not-granted"\nsubject = "people_group_arn"\n'
        + READS.replace("arn:aws:s3:::data/*", "mixed")
    )
    mixed = Symbolic("output.mixed", "known after apply", "apply", ("a_b.c.arn", "a_b.d.arn"))
    [one] = read_properties(path)
    assert Proofs(load_plan(GOOD), {"mixed": mixed}).prove(one).holds == "unknown"


def test_the_root_user_may_write_into_a_bucket_without_a_policy(tmp_path: Path) -> None:
    text = NOT_GRANTED.replace("aws_iam_role.app", "aws_s3_bucket.data") + WRITES
    made = {"aws_s3_bucket": {"data": {"bucket": "data"}}}
    found = proved(tmp_path, made, text.replace("arn:aws:s3:::data/*", "*"))
    assert found.holds == "fails"
    assert found.witness.principal.endswith(":root")


def test_a_session_that_is_named_apart_from_its_role(tmp_path: Path) -> None:
    made = role(policy(allow("ec2:Describe*")), arn="arn:aws:iam::123456789012:role/app")
    made["aws_s3_bucket"] = {"data": {"bucket": "data"}}
    session = {"AWS": "arn:aws:sts::123456789012:assumed-role/app/bob"}
    grant = allow("s3:PutObject", "${aws_s3_bucket.data.arn}/*", Principal=session)
    made["aws_s3_bucket_policy"] = {
        "data": {"bucket": "${aws_s3_bucket.data.id}", "policy": policy(grant)}
    }
    found = proved(tmp_path, made, NOT_GRANTED + WRITES.replace("arn:aws:s3:::data/*", "*"))
    assert found.holds == "fails"
    assert found.witness.principal == session["AWS"]


@pytest.mark.parametrize(
    ("principal", "holds"),
    [("arn:aws:iam::123456789012:role/app", "unknown"), ("events.amazonaws.com", "holds")],
)
def test_a_grant_that_is_not_a_policy(tmp_path: Path, principal: str, holds: str) -> None:
    made = role(policy(allow("ec2:Describe*")))
    made["aws_lambda_permission"] = {
        "x": {"function_name": "f", "action": "lambda:InvokeFunction", "principal": principal}
    }
    text = NOT_GRANTED + 'actions = ["lambda:InvokeFunction"]\nresources = ["*"]\n'
    assert proved(tmp_path, made, text).holds == holds


def test_nobody_of_that_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such"):
        proved(tmp_path, role(policy(allow("*"))), NOT_GRANTED.replace("app", "nobody") + READS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('check = "looks-fine"\nsubject = "a"\n', "unknown check"),
        ('check = "access-not-granted"\nsubject = "a"\n', "do not fit its check"),
        ('check = "no-public-access"\nsubject = "a"\nactions = ["*"]\n', "do not fit its check"),
        (NOT_GRANTED + READS + 'not_actions = ["s3:*"]\n', "do not fit its check"),
        (NOT_GRANTED + READS + "context = [1]\n", "is not a table"),
        (NOT_GRANTED + READS + '[[property.context]]\nkey = "aws:x"\n', "do not fit its check"),
        (NOT_GRANTED + 'actions = ["s3:PutObjct"]\n', "no such action"),
        (NOT_GRANTED + "actions = []\n", "not empty"),
        (NOT_GRANTED + READS + 2 * '[[property.context]]\nkey = "aws:x"\nvalues = ["a"]\n', "once"),
        ('check = "no-public-access"\nsubject = 7\n', "unknown or of the wrong type"),
    ],
)
def test_a_file_that_is_not_one(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        proved(tmp_path, {}, text)


def test_an_id_twice(tmp_path: Path) -> None:
    row = '[[property]]\nid = "a-b"\nrequirement = "R"\ntext = "t"\n' + NOT_GRANTED + READS
    (tmp_path / "p.toml").write_text(row + row)
    with pytest.raises(ConfigError, match="appears twice"):
        read_properties(tmp_path / "p.toml")


def test_who_can() -> None:
    from revet.iam.prove.properties import Asked  # noqa: PLC0415 - of the engine below

    found = dict(Proofs(load_plan(GOOD)).who_can(Asked(("logs:PutLogEvents",), (), ("*",))))
    assert {name.split(".")[0]: item.holds.value for name, item in found.items()} == {
        "aws_iam_group": "fails",
        "aws_iam_role": "holds",
    }
