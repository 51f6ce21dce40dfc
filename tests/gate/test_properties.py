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
    """Require that an answer has a certificate that checks, or says why it has none."""
    answers = [found.certificate is not None, bool(found.uncertified)]
    assert sum(answers) == (found.holds != "unknown")
    assert not found.witness or found.uncertified
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
    found = [proofs.prove(one) for one in read_properties(TAP)]
    assert len(found) == 8
    assert {one.holds for one in found} == {"holds"}
    for one in found:
        require_certificate(one)
    certified = [one.certificate is not None for one in found]
    assert certified == [True, True, True, False, False, True, True, True], "what is allowed"


def test_what_only_the_denial_keeps_out_of_the_trail_s_bucket() -> None:
    text = json.dumps(GOOD)
    place = text.index("OnlyCloudTrailPuts")
    weaker = json.loads(text[:place] + text[place:].replace("s3:PutObject", "s3:GetObject", 1))
    [only] = [one for one in read_properties(TAP) if one.id.startswith("only-cloudtrail")]
    found = Proofs(load_plan(weaker)).prove(only)
    assert found.holds == "fails"
    assert found.witness is not None
    assert found.witness.action in ("s3:PutObject", "s3:ReplicateObject")
    assert "/" in found.witness.resource, "S3 makes these requests to objects"


BUCKET = "${aws_s3_bucket.data.arn}"


@pytest.mark.parametrize(
    ("denied", "over", "action", "holds"),
    [
        ("s3:PutObject", f"{BUCKET}/*", "s3:PutObject", "holds"),
        ("s3:PutObject", BUCKET, "s3:PutObject", "fails"),
        ("s3:PutBucketPolicy", BUCKET, "s3:PutBucketPolicy", "holds"),
        ("s3:PutBucketPolicy", f"{BUCKET}/*", "s3:PutBucketPolicy", "fails"),
        ("s3:*", f"{BUCKET}/*", "s3:*", "fails"),
    ],
)
def test_s3_makes_some_requests_to_buckets_and_others_to_objects(
    denied: str, over: str, action: str, holds: str, tmp_path: Path
) -> None:
    made = {
        "aws_s3_bucket": {"data": {"bucket": "data"}},
        "aws_s3_bucket_policy": {
            "data": {
                "bucket": "${aws_s3_bucket.data.id}",
                "policy": policy(deny(denied, over, Principal="*")),
            }
        },
    }
    text = (
        'check = "access-not-granted"\nsubject = "aws_s3_bucket.data"\n'
        f'actions = ["{action}"]\nresources = ["*"]\n'
    )
    assert proved(tmp_path, made, text).holds == holds
    nowhere = text.replace('["*"]', '["arn:aws:s3:::data:x"]')
    assert proved(tmp_path, made, nowhere).holds == "unknown", "no such request is made"


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


EDGE = {"aws_iam_policy": {"edge": {"name": "edge", "policy": policy(allow(["s3:Get*"]))}}}


def bounded(*statements: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    made = role(policy(*statements), permissions_boundary="${aws_iam_policy.edge.arn}")
    return {**made, **EDGE, **more}


DENIED = NOT_GRANTED.replace('check = "access-not-granted"', 'expect = "denied"')


@pytest.mark.parametrize(
    ("layers", "holds"),
    [
        ('["boundary"]', "holds"),
        ('["identity"]', "fails"),
        ('["identity", "boundary"]', "holds"),
        ('["resource", "scp", "rcp", "session", "endpoint"]', "fails"),
    ],
)
def test_layers_that_count(tmp_path: Path, layers: str, holds: str) -> None:
    text = f"{DENIED}{WRITES}layers = {layers}\n"
    assert proved(tmp_path, bounded(allow("s3:*")), text).holds == holds


def test_the_layer_that_denies(tmp_path: Path) -> None:
    text = DENIED + WRITES
    found = bounded(allow("s3:*"))
    assert proved(tmp_path, found, text + 'by = "boundary"\n').holds == "holds"
    by_identity = proved(tmp_path, found, text + 'by = "identity"\n')
    assert (by_identity.holds, by_identity.why) == (
        "fails", "the identity policy alone does not deny it"
    )  # fmt: skip
    both = bounded(allow("s3:Get*"))
    twice = proved(tmp_path, both, text + 'by = "boundary"\n')
    assert twice.holds == "fails"
    assert "denied, too" in twice.why
    allowed = proved(tmp_path, found, DENIED + READS + 'by = "boundary"\n')
    assert (allowed.holds, allowed.witness.action) == ("fails", "s3:GetObject")
    half = proved(tmp_path, found, text.replace('PutObject"', 'PutObject", "ec2:RunInstances"')
                  + 'by = "boundary"\n')  # fmt: skip
    assert half.holds == "holds"  # the boundary denies each, and without it one is allowed


def test_a_layer_that_is_not_known_denies_nothing_for_sure(tmp_path: Path) -> None:
    found = proved(
        tmp_path,
        bounded(allow("s3:*")),
        DENIED + WRITES + 'by = "boundary"\n',
        ("aws_iam_policy.edge.policy",),
    )
    assert found.holds == "unknown"


def test_a_bucket_policy_that_denies(tmp_path: Path) -> None:
    made = role(policy(allow("s3:*")))
    made["aws_s3_bucket"] = {"data": {"bucket": "data"}}
    bucket = {
        "bucket": "${aws_s3_bucket.data.id}",
        "policy": policy(deny("s3:Put*", "${aws_s3_bucket.data.arn}/*", Principal="*")),
    }
    made["aws_s3_bucket_policy"] = {"data": bucket}
    there = WRITES.replace("arn:aws:s3:::data/*", "${aws_s3_bucket.data.arn}/*")
    assert proved(tmp_path, made, DENIED + there + 'by = "resource"\n').holds == "holds"
    without = 'layers = ["identity", "boundary"]\n'
    assert proved(tmp_path, made, DENIED + there + without).holds == "fails"


def test_each_request_is_allowed(tmp_path: Path) -> None:
    text = DENIED.replace("denied", "allowed")
    found = bounded(allow("s3:*"))
    assert proved(tmp_path, found, text + READS).holds == "holds"
    both = READS.replace('Object"', 'Object", "s3:PutObject"')
    failed = proved(tmp_path, found, text + both)
    assert (failed.holds, failed.witness.action) == ("fails", "s3:PutObject")
    guarded = role(
        policy(allow("s3:*"), deny("*", Condition={"Bool": {"aws:SecureTransport": "false"}}))
    )
    tls = '[[property.context]]\nkey = "aws:SecureTransport"\nvalues = ["true"]\n'
    assert proved(tmp_path, guarded, text + READS).holds == "fails"
    assert proved(tmp_path, guarded, text + READS + tls).holds == "holds"
    hidden = proved(tmp_path, found, text + READS, ("aws_iam_role_policy.app.policy",))
    assert hidden.holds == "unknown"
    bucket = {"aws_s3_bucket": {"data": {"bucket": "data"}}}
    with pytest.raises(InputError, match="no such principal"):
        proved(tmp_path, bucket, text.replace("aws_iam_role.app", "aws_s3_bucket.data") + READS)


def test_what_somebody_could_grant_one_day(tmp_path: Path) -> None:
    made = bounded(allow("s3:Get*"))
    assert proved(tmp_path, made, DENIED + WRITES + 'given = ["*"]\n').holds == "holds"
    made = role(policy(allow("s3:Get*")))
    assert proved(tmp_path, made, DENIED + WRITES).holds == "holds"
    assert proved(tmp_path, made, DENIED + WRITES + 'given = ["s3:Put*"]\n').holds == "fails"


def test_a_region(tmp_path: Path) -> None:
    guard = deny("*", Condition={"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}})
    made = role(policy(allow("*"), guard))
    text = DENIED + 'actions = ["ec2:RunInstances"]\nresources = ["*"]\n'
    assert proved(tmp_path, made, text + 'region = "us-east-1"\n').holds == "holds"
    assert proved(tmp_path, made, text + 'region = "eu-west-1"\n').holds == "fails"


def two_roles() -> dict[str, Any]:
    made = role(policy(allow("s3:Get*")))
    made["aws_iam_role"]["ops"] = {"name": "ops", "assume_role_policy": TRUST}
    ops = {"role": "${aws_iam_role.ops.id}", "policy": policy(allow("s3:Put*"))}
    made["aws_iam_role_policy"]["ops"] = ops
    made["aws_iam_user"] = {"ann": {"name": "ann", "arn": "arn:aws:iam::123456789012:user/ann"}}
    return made


@pytest.mark.parametrize(
    ("subjects", "holds"),
    [
        ('subjects = ["aws_iam_role.app", "aws_iam_user.ann"]', "holds"),
        ('subjects = ["aws_iam_role.app", "aws_iam_role.ops"]', "fails"),
        ('every = "role"', "fails"),
        ('every = "user"', "holds"),
        ('every = "principal"', "fails"),
        ('every = "principal"\nexcept = ["aws_iam_role.o*"]', "holds"),
        ('every = "role"\nlike = ["aws_iam_role.a*"]', "holds"),
        ('every = "user"\nlike = ["arn:aws:iam::*:user/*"]', "holds"),
        ('every = "group"', "unknown"),
        ('every = "role"\nlike = ["*.nobody"]', "unknown"),
        # The ARNs of the roles are known only after apply.
        ('every = "role"\nlike = ["arn:aws:iam::*:role/app"]', "unknown"),
        ('every = "role"\nexcept = ["arn:aws:iam::*:role/ops"]', "unknown"),
    ],
)
def test_subjects(tmp_path: Path, subjects: str, holds: str) -> None:
    text = f'expect = "denied"\n{subjects}\n{WRITES}'
    found = proved(tmp_path, two_roles(), text)
    assert found.holds == holds
    assert found.doubts or holds != "unknown"


def test_what_holds_for_one_subject_must_hold_for_each(tmp_path: Path) -> None:
    possible = f'check = "stays-possible"\nevery = "role"\n{WRITES}'
    assert proved(tmp_path, two_roles(), possible).holds == "fails"
    ops = possible.replace('every = "role"', 'subject = "aws_iam_role.ops"')
    assert proved(tmp_path, two_roles(), ops).holds == "holds"


def test_another_account(tmp_path: Path) -> None:
    made = two_roles()
    text = DENIED + WRITES + 'account = "{}"\n'
    assert proved(tmp_path, made, text.format("123456789012")).holds == "holds"
    found = proved(tmp_path, made, text.format("999988887777"))
    assert found.holds == "unknown"
    assert "999988887777" in found.doubts[0]


def test_through_an_endpoint(tmp_path: Path) -> None:
    made = role(policy(allow("s3:*")))
    door = {"vpc_id": "vpc-1", "service_name": "com.amazonaws.eu-west-1.s3"}
    door["policy"] = policy(allow("s3:Get*", Principal="*"))
    made["aws_vpc_endpoint"] = {"s3": door}
    text = DENIED + WRITES
    assert proved(tmp_path, made, text).holds == "fails"
    through = text + 'endpoint = "aws_vpc_endpoint.s3"\n'
    assert proved(tmp_path, made, through + 'by = "endpoint"\n').holds == "holds"
    with pytest.raises(InputError, match="no such VPC endpoint"):
        proved(tmp_path, made, text + 'endpoint = "aws_vpc_endpoint.x"\n')


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (NOT_GRANTED + READS + 'expect = "denied"\n', "exactly one of `check` and `expect`"),
        ('subject = "a"\n' + READS, "exactly one of `check` and `expect`"),
        ('expect = "maybe"\nsubject = "a"\n' + READS, "unknown expect"),
        ('check = "each-allowed"\nsubject = "a"\n' + READS, "unknown check"),
        (NOT_GRANTED + READS + 'subjects = ["b"]\n', "exactly one of `subject`"),
        ('expect = "denied"\nevery = "robot"\n' + READS, "unknown kind of principal"),
        (NOT_GRANTED + READS + 'like = ["b"]\n', "goes with `every` alone"),
        (NOT_GRANTED + READS + "given = []\n", "not empty"),
        (NOT_GRANTED + READS + 'layers = ["magic"]\n', "unknown layer"),
        (NOT_GRANTED + READS + 'layers = ["scp"]\nby = "rcp"\n', "among the `layers`"),
        (
            NOT_GRANTED.replace("access-not-granted", "stays-possible") + READS + 'by = "scp"\n',
            "`by` goes with",
        ),
        (
            NOT_GRANTED
            + READS
            + 'region = "a"\n[[property.context]]\nkey = "aws:requestedregion"\n'
            'values = ["b"]\n',
            "each key once",
        ),
        ('check = "no-public-access"\nsubject = "a"\nlayers = ["rcp"]\n', "takes none of them"),
        ('check = "looks-fine"\nsubject = "a"\n', "unknown check"),
        ('check = "access-not-granted"\nsubject = "a"\n', "do not fit together"),
        ('check = "no-public-access"\nsubject = "a"\nactions = ["*"]\n', "do not fit together"),
        (NOT_GRANTED + READS + 'not_actions = ["s3:*"]\n', "do not fit together"),
        (NOT_GRANTED + READS + "context = [1]\n", "is not a table"),
        (NOT_GRANTED + READS + '[[property.context]]\nkey = "aws:x"\n', "do not fit together"),
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
    from revet.iam.prove.asked import Asked  # noqa: PLC0415 - of the engine below

    found = dict(Proofs(load_plan(GOOD)).who_can(Asked(("logs:PutLogEvents",), (), ("*",))))
    assert {name.split(".")[0]: item.holds.value for name, item in found.items()} == {
        "aws_iam_group": "fails",
        "aws_iam_role": "holds",
    }
