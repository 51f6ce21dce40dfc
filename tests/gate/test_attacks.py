"""Attacks as data: what they meet with, and whether they count."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.gate.case_plan import plan_json
from tests.gate.case_state import state_of

from revet.gate.attacks import Answered, Attacks, read_attacks
from revet.model.errors import ConfigError, InputError
from revet.plan import load_plan
from revet.plan.state import load_state

HERE = "111122223333"
ROLE = f"arn:aws:iam::{HERE}:role"
HEAD = '[[attack]]\nid = "{name}"\nrequirement = "R-1"\n'
READ = 'principal = "aws_iam_role.app"\naction = "s3:GetObject"\nresource = "bucket_objects"\n'
WRITE = READ.replace("GetObject", "PutObject")
IN = 'principal = "aws_iam_user.ann"\naction = "sts:AssumeRole"\nresource = "app_role_arn"\n'


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(sid: str, action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"Sid": sid, "Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(sid: str, action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {**allow(sid, action, resource, **more), "Effect": "Deny"}


def world(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - resources of a plan
    """A role with a boundary, whose trust asks for MFA, and a bucket that takes TLS alone."""
    trust = {
        "Sid": "People",
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"AWS": f"arn:aws:iam::{HERE}:root"},
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    }
    tls = {"Bool": {"aws:SecureTransport": "false"}}
    objects = "${aws_s3_bucket.data.arn}/*"
    return {
        "aws_iam_role": {
            "app": {
                "name": "app",
                "arn": f"{ROLE}/app",
                "assume_role_policy": json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
                "permissions_boundary": "${aws_iam_policy.edge.arn}",
            }
        },
        "aws_iam_user": {"ann": {"name": "ann", "arn": f"arn:aws:iam::{HERE}:user/ann"}},
        "aws_iam_user_policy": {
            "ann": {
                "user": "${aws_iam_user.ann.name}",
                "policy": policy(allow("Become", "sts:AssumeRole")),
            }
        },
        "aws_iam_policy": {
            "edge": {"name": "edge", "policy": policy(allow("Edge", ["s3:Get*", "s3:List*"]))}
        },
        "aws_iam_role_policy": {
            "app": {"role": "${aws_iam_role.app.id}", "policy": policy(allow("Work", "s3:*"))}
        },
        "aws_s3_bucket": {"data": {"bucket": "data"}},
        "aws_db_instance": {"main": {"identifier": "main", "manage_master_user_password": True}},
        "aws_s3_bucket_policy": {
            "data": {
                "bucket": "${aws_s3_bucket.data.id}",
                "policy": policy(deny("Tls", "s3:*", objects, Principal="*", Condition=tls)),
            }
        },
        **changes,
    }


OUTPUTS = {
    "bucket_objects": "${aws_s3_bucket.data.arn}/x",
    "bucket_arn": "${aws_s3_bucket.data.arn}",
    "app_role_arn": f"{ROLE}/app",
    "secret_of_database": "${aws_db_instance.main.master_user_secret[0].secret_arn}",
}


def answers(
    tmp_path: Path,
    *attacks: str,
    unknown: tuple[str, ...] = (),
    **changes: Any,  # noqa: ANN401
) -> list[Answered]:
    path = tmp_path / "attacks.toml"
    path.write_text("".join(HEAD.format(name=f"a-{at}") + one for at, one in enumerate(attacks)))
    raw: dict[str, Any] = {
        "resource": world(**changes),
        "unknown": list(unknown),
        "output": {name: {"value": value} for name, value in OUTPUTS.items()},
    }
    return Attacks(load_plan(plan_json(raw, "a test"))).answer(read_attacks(path))


def answer(tmp_path: Path, attack: str, **more: Any) -> Answered:  # noqa: ANN401
    [found] = answers(tmp_path, attack, **more)
    return found


BOUNDED = WRITE + 'by = "boundary"\n'
EDGE = 'guard = {at = "aws_iam_role.app", layer = "boundary"}\n'
NO_TLS = READ + 'context = {"aws:SecureTransport" = "false"}\n'
TLS = 'guard = {at = "bucket_arn", sid = "Tls"}\n'
MFA = (
    'guard = {at = "aws_iam_role.app", layer = "resource", sid = "People",'
    ' condition = "aws:MultiFactorAuthPresent"}\n'
)
WITH_MFA = 'context = {"aws:MultiFactorAuthPresent" = "true"}\nexpect = "allowed"\n'
COUNTING = [
    BOUNDED + EDGE,
    WRITE + 'guard = {at = "aws_iam_policy.edge"}\n',
    NO_TLS + TLS + 'by = "resource"\n',
    NO_TLS + 'guard = {at = "aws_s3_bucket_policy.data"}\n',
    IN + MFA,
    IN + 'guard = {at = "aws_iam_role.app", layer = "resource"}\n',
    IN + WITH_MFA + 'grant = {at = "aws_iam_user.ann", sid = "Become"}\n',
    IN + WITH_MFA + 'grant = {at = "aws_iam_role.app", sid = "People"}\n',
    READ + 'expect = "allowed"\ngrant = {at = "aws_iam_role_policy.app"}\n',
    READ + 'expect = "allowed"\ngrant = {at = "aws_iam_policy.edge", sid = "Edge"}\n',
    READ.replace("aws_iam_role.app", "aws_iam_user.ann")
    + 'given = ["s3:GetObject"]\nexpect = "allowed"\n',
    READ.replace("aws_iam_role.app", "aws_iam_user.ann") + 'by = "identity"\n'
    'guard = {at = "aws_iam_user.ann", layer = "identity"}\n',
    READ.replace('"aws_iam_role.app"', '"anonymous"') + 'by = "resource"\n'
    'guard = {at = "bucket_arn", layer = "resource"}\n',
    READ.replace("aws_iam_role.app", "arn:aws:iam::999988887777:role/x")
    + 'guard = {at = "aws_s3_bucket.data", layer = "resource"}\n',
    READ.replace("aws_iam_role.app", "aws_iam_user.ann")
    + 'assume = {role = "app_role_arn", context = {"aws:MultiFactorAuthPresent" = "true"}}\n'
    + 'expect = "allowed"\ngrant = {at = "aws_iam_role_policy.app", sid = "Work"}\n',
    READ.replace("aws_iam_role.app", "aws_iam_user.ann")
    + 'assume = {role = "aws_iam_role.app"}\nby = "resource"\n' + MFA,
    NO_TLS.replace('principal = "aws_iam_role.app"', 'principals = ["aws_iam_role.app"]') + TLS,
    NO_TLS.replace('"bucket_objects"', '"bucket_arn/x"') + TLS,  # an output, and a path behind it
]  # fmt: skip


@pytest.mark.parametrize("attack", COUNTING)
def test_an_answer_that_rests_on_what_is_named_counts(tmp_path: Path, attack: str) -> None:
    found = answer(tmp_path, attack)
    assert (found.holds, found.counts) == ("holds", True), (found.reasons, found.idle)


@pytest.mark.parametrize("attack", COUNTING)
def test_it_counts_over_a_state_too(tmp_path: Path, attack: str) -> None:
    (tmp_path / "a.toml").write_text(HEAD.format(name="a-b") + attack)
    state = load_state(state_of({"resource": world(), "unknown": []}))
    outputs = {"bucket_objects": "arn:aws:s3:::data/x", "bucket_arn": "arn:aws:s3:::data"}
    given = {**outputs, "app_role_arn": f"{ROLE}/app"}
    [found] = Attacks(state, given).answer(read_attacks(tmp_path / "a.toml"))
    assert (found.holds, found.counts) == ("holds", True), (found.reasons, found.idle)


IDLE = [
    (WRITE, "names no guard"),
    (READ + 'expect = "allowed"\n', "names no grant"),
    (WRITE + TLS, "without its guard the answer is the same"),
    (READ + 'expect = "allowed"\ngrant = {at = "aws_iam_user.ann", sid = "Become"}\n', "the same"),
    (WRITE + 'guard = {at = "bucket_arn", sid = "Tsl"}\n', "no such guard"),
    (WRITE + 'guard = {at = "nothing_arn"}\n', "no such guard"),
    (WRITE + 'guard = {at = "aws_iam_role.app"}\n', "no such guard"),
    (WRITE + 'guard = {at = "bucket_arn", setting = "restrict_public_buckets"}\n', "no such guard"),
    # Without its condition a statement denies more.
    (NO_TLS + TLS.replace('"}', '", condition = "aws:SecureTransport"}'), "the same"),
    (NO_TLS.replace("Get", "Put") + TLS, "the same"),  # the boundary denies it, too
]


@pytest.mark.parametrize(("attack", "why"), IDLE)
def test_an_answer_that_rests_on_something_else_does_not(
    tmp_path: Path, attack: str, why: str
) -> None:
    found = answer(tmp_path, attack)
    assert found.holds == "holds"
    assert not found.counts
    assert why in found.idle[0]


def test_what_two_guards_deny_counts_for_both_together(tmp_path: Path) -> None:
    edge, tls = (guard.removeprefix("guard = ").strip() for guard in (EDGE, TLS))
    both = f"guard = [{edge}, {tls}]\n"
    assert answer(tmp_path, NO_TLS.replace("Get", "Put") + both).counts


def test_nothing_counts_that_the_guard_of_another_one_decides(tmp_path: Path) -> None:
    """A guard that is named too widely takes away more than what denies the request."""
    wide = WRITE + 'guard = [{at = "aws_iam_policy.edge"}, {at = "bucket_arn", sid = "Tls"}]\n'
    assert answer(tmp_path, wide).counts
    first, second = answers(tmp_path, wide, BOUNDED + EDGE)
    assert second.counts
    assert "`a-1` names changes the answer" in first.idle[0]


def test_a_wider_guard_of_another_one_may_take_away_the_own(tmp_path: Path) -> None:
    found = answers(
        tmp_path, NO_TLS + TLS, NO_TLS + 'guard = {at = "bucket_arn", layer = "resource"}\n'
    )
    assert found[0].counts


@pytest.mark.parametrize(
    ("attack", "reason"),
    [
        (READ, "is allowed"),
        (WRITE + 'expect = "allowed"\n', "implicitly denied (permissions boundary)"),
        (WRITE + 'by = "scp"\n', "without the scp layer"),
        (WRITE.replace("aws_iam_role.app", "aws_iam_user.ann") + 'by = "resource"\n', "without"),
    ],
)
def test_another_answer_than_expected_fails(tmp_path: Path, attack: str, reason: str) -> None:
    found = answer(tmp_path, attack)
    assert found.holds == "fails"
    assert reason in found.reasons[0]


def test_one_of_several_principals_is_enough_to_fail(tmp_path: Path) -> None:
    both = READ.replace(
        'principal = "aws_iam_role.app"', 'principals = ["aws_iam_user.ann", "aws_iam_role.app"]'
    )
    found = answer(tmp_path, both)
    assert found.holds == "fails"
    assert len(found.tried) == 2


@pytest.mark.parametrize(
    ("attack", "unknown", "doubt"),
    [
        (WRITE, ("aws_iam_role_policy.app.policy",), "aws_iam_role_policy.app"),
        (READ + 'expect = "allowed"\n', ("aws_s3_bucket_policy.data.policy",), "bucket_policy"),
        (WRITE + 'account = "999988887777"\n', (), "account `999988887777` is asked about"),
        (
            READ.replace("bucket_objects", "arn:aws:s3:::other/x") + 'expect = "allowed"\n',
            (),
            "the account that owns",
        ),
        (WRITE.replace("aws_iam_role.app", f"arn:aws:iam::{HERE}:role/hidden"), (), "not shown"),
    ],
)
def test_what_is_not_known_stays_so(
    tmp_path: Path, attack: str, unknown: tuple[str, ...], doubt: str
) -> None:
    found = answer(tmp_path, attack, unknown=unknown)
    assert found.holds == "unknown"
    assert doubt in "; ".join(found.reasons)


LIKE_A_BUCKET = READ.replace('"bucket_objects"', '"bucket_arn"')


@pytest.mark.parametrize(
    ("attack", "why"),
    [
        (LIKE_A_BUCKET + EDGE, "no request for `s3:GetObject` to `arn:aws:s3:::data`"),
        (
            WRITE.replace("s3:PutObject", "s3:ListBucket") + TLS,
            "no request for `s3:ListBucket` to `arn:aws:s3:::data/x`",
        ),
        (
            WRITE.replace("s3:PutObject", "kms:Decrypt").replace("bucket_objects", "app_role_arn")
            + EDGE,
            f"no request for `kms:Decrypt` to `{ROLE}/app`",
        ),
        (WRITE.replace("bucket_objects", "bucket_objets") + EDGE, "`bucket_objets` is not an ARN"),
        (NO_TLS.replace("Transport", "Transprot") + TLS, "condition key `aws:SecureTransprot`"),
        (
            IN.replace("sts:AssumeRole", "s3:GetObject").replace("app_role_arn", "bucket_objects")
            + 'assume = {role = "app_role_arn", context = {"aws:MultiFactorAuth" = "true"}}\n',
            "condition key `aws:MultiFactorAuth`",
        ),
    ],
)
def test_a_request_that_cannot_be_is_not_known(tmp_path: Path, attack: str, why: str) -> None:
    found = answer(tmp_path, attack)
    assert found.holds == "unknown"
    assert why in found.reasons[0]


def test_a_reference_need_not_look_like_an_arn_yet(tmp_path: Path) -> None:
    secret = WRITE.replace("s3:PutObject", "secretsmanager:GetSecretValue")
    reading = {
        "app": {
            "role": "${aws_iam_role.app.id}",
            "policy": policy(allow("Work", ["s3:*", "secretsmanager:*"])),
        }
    }
    found = answer(
        tmp_path,
        secret.replace("bucket_objects", "secret_of_database") + EDGE,
        aws_iam_role_policy=reading,
    )
    assert (found.holds, found.counts) == ("holds", True), (found.reasons, found.idle)


GIVEN = (
    READ.replace("aws_iam_role.app", "aws_iam_user.ann")
    + 'given = ["s3:GetObject"]\nexpect = "allowed"\n'
)


def test_what_is_given_rests_on_nothing_that_another_one_names(tmp_path: Path) -> None:
    """It names no grant, so whatever another one names may have to do with its answer."""
    edge: dict[str, Any] = {
        "aws_iam_user": {
            "ann": {
                "name": "ann",
                "arn": f"arn:aws:iam::{HERE}:user/ann",
                "permissions_boundary": "${aws_iam_policy.edge.arn}",
            }
        }
    }
    allowed = READ + 'expect = "allowed"\ngrant = {at = "aws_iam_policy.edge", sid = "Edge"}\n'
    assert answer(tmp_path, GIVEN, **edge).counts
    found = answers(tmp_path, GIVEN, allowed, **edge)
    assert found[0].holds == "holds"
    assert "what `a-1` names changes the answer: " in found[0].idle[0]
    assert found[1].counts
    apart = answers(tmp_path, GIVEN, allowed)
    assert apart[0].counts, apart[0].idle


def test_an_explicit_denial_stands_whatever_else_is_not_known(tmp_path: Path) -> None:
    found = answer(tmp_path, NO_TLS + TLS, unknown=("aws_iam_role_policy.app.policy",))
    assert found.holds == "holds"
    [why] = found.idle  # without the guard nothing is known
    assert why.startswith("without its guard the answer is not known: ")
    assert "aws_iam_role_policy.app" in why


def test_what_another_one_names_may_change_it_for_all_that_is_known(tmp_path: Path) -> None:
    hidden = ("aws_iam_role_policy.app.policy",)
    twice = NO_TLS + TLS + 'by = "resource"\n'
    first, _ = answers(tmp_path, NO_TLS + EDGE, twice, unknown=hidden)
    assert any("names changes the answer is not known (" in why for why in first.idle)


def test_the_owner_of_a_foreign_resource(tmp_path: Path) -> None:
    foreign = READ.replace("bucket_objects", "arn:aws:s3:::other/x") + 'owner = "999988887777"\n'
    guard = 'guard = {at = "aws_iam_role.app", layer = "resource"}\n'
    found = answer(tmp_path, foreign + guard)
    assert (found.holds, found.layers) == ("holds", ("resource policy",))


def test_an_endpoint_and_a_region(tmp_path: Path) -> None:
    region = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
    through = {
        "aws_vpc_endpoint": {
            "s3": {
                "vpc_id": "vpc-1",
                "service_name": "com.amazonaws.eu-west-1.s3",
                "policy": policy(allow("Door", "s3:*", Principal="*", Condition=region)),
            }
        }
    }
    going = READ + 'endpoint = "aws_vpc_endpoint.s3"\n'
    here = going + 'region = "eu-west-1"\nexpect = "allowed"\n'
    door = '{at = "aws_vpc_endpoint.s3", sid = "Door"}\n'
    assert answer(tmp_path, here + f"grant = {door}", **through).counts
    away = going + 'region = "us-east-1"\nby = "endpoint"\n'
    cut = door.replace('"}', '", condition = "aws:requestedregion"}')
    assert answer(tmp_path, away + f"guard = {cut}", **through).counts
    with pytest.raises(InputError, match="no such VPC endpoint"):
        answer(tmp_path, READ + 'endpoint = "aws_vpc_endpoint.other"\n', **through)


def test_a_setting_of_a_bucket(tmp_path: Path) -> None:
    """What a public policy grants to others, S3 takes away while the setting is on."""
    objects = "${aws_s3_bucket.data.arn}/*"
    more = {
        "aws_s3_bucket_policy": {
            "data": {
                "bucket": "${aws_s3_bucket.data.id}",
                "policy": policy(allow("Open", "s3:GetObject", objects, Principal="*")),
            }
        },
        "aws_s3_bucket_public_access_block": {
            "data": {"bucket": "${aws_s3_bucket.data.id}", "restrict_public_buckets": True}
        },
    }  # fmt: skip
    stranger = READ.replace("aws_iam_role.app", "anonymous")
    for at in ("bucket_arn", "aws_s3_bucket_public_access_block.data"):
        guard = f'guard = {{at = "{at}", setting = "restrict_public_buckets"}}\n'
        assert answer(tmp_path, stranger + guard, **more).counts


def test_nobody_of_that_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such principal"):
        answer(tmp_path, READ.replace("aws_iam_role.app", "nobody_arn"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (READ + 'principals = ["a"]\n', "exactly one of"),
        (READ.replace('principal = "aws_iam_role.app"\n', ""), "exactly one of"),
        (READ.replace("GetObject", "GetObjct"), "no such action"),
        (READ.replace("GetObject", "*"), "without wildcards"),
        (READ + 'expect = "maybe"\n', "something unknown"),
        (READ + 'expect = "allowed"\nguard = {at = "x"}\n', "no `guard`"),
        (READ + 'grant = {at = "x"}\n', "no `grant`"),
        (READ + 'expect = "allowed"\nby = "scp"\n', "goes with"),
        (READ + 'by = "magic"\n', "unknown layer"),
        (READ + "given = []\n", "not empty"),
        (READ + 'guard = {sid = "x"}\n', "missing"),
        (READ + 'guard = {at = "x", condition = "aws:x"}\n', "`sid`"),
        (READ + 'guard = {at = "x", setting = "off"}\n', "unknown setting"),
        (READ + 'guard = {at = "x", layer = "off"}\n', "unknown layer"),
        (READ + 'guard = {at = "x", sid = "y", setting = "ignore_public_acls"}\n', "nothing but"),
        (READ + "assume = {}\n", "missing"),
        (READ + "context = {x = 1}\n", "a text for each key"),
        (READ + 'region = "a"\ncontext = {"aws:requestedregion" = "b"}\n', "once"),
        (READ + "guard = 7\n", "unknown or of the wrong type"),
        (READ + "id = 7\n", "not valid TOML"),
    ],
)
def test_a_file_that_is_not_one(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        answer(tmp_path, text)


def test_an_id_twice(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(2 * (HEAD.format(name="a-b") + READ))
    with pytest.raises(ConfigError, match="appears twice"):
        read_attacks(tmp_path / "a.toml")
