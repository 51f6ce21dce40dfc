"""The account picture of a plan: nothing lost, and what is not known is a doubt."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.gate.case_plan import plan_json

from revet.iam.account import AccountPicture, PrincipalKind, PublicAccessBlock
from revet.model.errors import InputError
from revet.plan import load_plan
from revet.plan.account import account_of, doubts_of
from revet.plan.state import load_state

READ = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
    }
)
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"AWS": "arn:aws:iam::111122223333:role/ci"},
            }
        ],
    }
)


def picture(resources: dict[str, Any], unknown: tuple[str, ...] = ()) -> AccountPicture:
    raw = {"resource": resources, "unknown": list(unknown)}
    return account_of(load_plan(plan_json(raw, "a test")))


def test_a_role_has_its_policies_boundary_and_trust() -> None:
    found = picture(
        {
            "aws_iam_policy": {"read": {"policy": READ}, "edge": {"policy": READ}},
            "aws_iam_role": {
                "app": {
                    "assume_role_policy": TRUST,
                    "permissions_boundary": "${aws_iam_policy.edge.arn}",
                    "inline_policy": [{"name": "own", "policy": READ}],
                }
            },
            "aws_iam_role_policy": {"more": {"role": "${aws_iam_role.app.id}", "policy": READ}},
            "aws_iam_role_policy_attachment": {
                "read": {
                    "role": "${aws_iam_role.app.name}",
                    "policy_arn": "${aws_iam_policy.read.arn}",
                }
            },
        }
    )
    role = found.principal("aws_iam_role.app")
    assert role.kind is PrincipalKind.ROLE
    assert role.arn == "${aws_iam_role.app.arn}"
    assert found.principal(role.arn) is role
    assert sorted(policy.name for policy in role.policies) == [
        "aws_iam_policy.read",
        "aws_iam_role.app",
        "aws_iam_role_policy.more",
    ]
    assert role.boundary is not None
    assert role.boundary.name == "aws_iam_policy.edge"
    assert role.trust is not None
    assert role.trust.document.statements[0].actions == ("sts:AssumeRole",)
    assert not list(doubts_of(found))


def test_a_user_has_the_policies_of_its_groups() -> None:
    found = picture(
        {
            "aws_iam_user": {"ann": {"name": "ann"}},
            "aws_iam_group": {"people": {"name": "people"}},
            "aws_iam_group_policy": {"read": {"group": "people", "policy": READ}},
            "aws_iam_user_group_membership": {
                "ann": {
                    "user": "${aws_iam_user.ann.name}",
                    "groups": ["${aws_iam_group.people.name}"],
                }
            },
        }
    )
    ann = found.principal("aws_iam_user.ann")
    assert ann.groups == ("aws_iam_group.people",)
    assert [policy.name for policy in ann.policies] == ["aws_iam_group_policy.read"]


def test_a_policy_of_aws_is_a_doubt() -> None:
    found = picture(
        {
            "aws_iam_role": {"app": {"name": "app", "assume_role_policy": TRUST}},
            "aws_iam_role_policy_attachment": {
                "all": {
                    "role": "${aws_iam_role.app.name}",
                    "policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
                }
            },
        }
    )
    (doubt,) = found.principal("aws_iam_role.app").doubts
    assert doubt.where == "aws_iam_role_policy_attachment.all.policy_arn"
    assert "ReadOnlyAccess" in doubt.why


def test_a_policy_that_is_not_known_is_a_doubt() -> None:
    found = picture(
        {
            "aws_iam_role": {"app": {"name": "app", "assume_role_policy": TRUST}},
            "aws_iam_role_policy": {"own": {"role": "app", "policy": READ}},
        },
        unknown=("aws_iam_role_policy.own.policy",),
    )
    assert [doubt.where for doubt in doubts_of(found)] == ["aws_iam_role_policy.own.policy"]


def test_a_bucket_has_its_policy_and_its_block() -> None:
    found = picture(
        {
            "aws_s3_bucket": {"data": {"bucket": "data-111122223333", "tags": {"Owner": "me"}}},
            "aws_s3_bucket_policy": {
                "data": {"bucket": "${aws_s3_bucket.data.id}", "policy": READ}
            },
            "aws_s3_bucket_public_access_block": {
                "data": {"bucket": "${aws_s3_bucket.data.id}", "block_public_policy": True}
            },
        }
    )
    bucket = found.resource("aws_s3_bucket.data")
    assert bucket.type == "AWS::S3::Bucket"
    assert bucket.policy is not None
    assert bucket.policy.name == "aws_s3_bucket_policy.data"
    assert bucket.public_access_block == PublicAccessBlock(block_public_policy=True)
    assert bucket.tags == {"Owner": "me"}


def test_a_tag_that_is_not_known_is_a_doubt() -> None:
    found = picture(
        {"aws_s3_bucket": {"data": {"bucket": "data", "tags": {"Owner": "me", "Team": "x"}}}},
        unknown=("aws_s3_bucket.data.tags.Team",),
    )
    bucket = found.resource("aws_s3_bucket.data")
    assert "Team" not in bucket.tags
    assert [doubt.where for doubt in bucket.doubts] == ["aws_s3_bucket.data.tags"]


def organization() -> AccountPicture:
    deny = READ.replace("Allow", "Deny")
    return picture(
        {
            "aws_organizations_organization": {"org": {"feature_set": "ALL"}},
            "aws_organizations_organizational_unit": {
                "work": {
                    "name": "work",
                    "parent_id": "${aws_organizations_organization.org.roots[0].id}",
                }
            },
            "aws_organizations_account": {
                "app": {
                    "name": "app",
                    "parent_id": "${aws_organizations_organizational_unit.work.id}",
                }
            },
            "aws_organizations_policy": {
                "guard": {"name": "guard", "type": "SERVICE_CONTROL_POLICY", "content": deny},
                "edge": {"name": "edge", "type": "RESOURCE_CONTROL_POLICY", "content": deny},
            },
            "aws_organizations_policy_attachment": {
                "guard": {
                    "policy_id": "${aws_organizations_policy.guard.id}",
                    "target_id": "${aws_organizations_organizational_unit.work.id}",
                },
                "edge": {
                    "policy_id": "${aws_organizations_policy.edge.id}",
                    "target_id": "${aws_organizations_organization.org.roots[0].id}",
                },
            },
        }
    )


def test_policies_of_an_organization_stand_at_their_level() -> None:
    found = organization().organization
    assert found is not None
    assert not found.doubts
    root, unit, account = found.path("aws_organizations_account.app")
    assert [p.name for p in root.resource_control_policies] == ["aws_organizations_policy.edge"]
    assert not root.service_control_policies
    assert [p.name for p in unit.service_control_policies] == ["aws_organizations_policy.guard"]
    assert not account.service_control_policies


def test_an_account_outside_the_organization_is_refused() -> None:
    found = organization().organization
    assert found is not None
    with pytest.raises(InputError, match="not part of the organization"):
        found.path("999999999999")


def test_a_state_gives_the_same_picture_with_known_arns() -> None:
    arn = "arn:aws:iam::111122223333:role/app"
    state = {
        "format_version": "1.0",
        "terraform_version": "1.11.4",
        "values": {
            "root_module": {
                "resources": [
                    {
                        "address": "aws_iam_role.app",
                        "mode": "managed",
                        "type": "aws_iam_role",
                        "name": "app",
                        "values": {
                            "id": "app",
                            "name": "app",
                            "arn": arn,
                            "assume_role_policy": TRUST,
                        },
                    },
                    {
                        "address": "aws_iam_role_policy.own",
                        "mode": "managed",
                        "type": "aws_iam_role_policy",
                        "name": "own",
                        "values": {"id": "app:own", "role": "app", "policy": READ},
                    },
                ]
            }
        },
    }
    found = account_of(load_state(state), "111122223333")
    role = found.principal(arn)
    assert [policy.name for policy in role.policies] == ["aws_iam_role_policy.own"]
    assert found.account == "111122223333"


@pytest.mark.parametrize(
    ("resources", "address", "kind"),
    [
        (
            {"aws_kms_external_key": {"k": {}},
             "aws_kms_key_policy": {"p": {"key_id": "${aws_kms_external_key.k.id}",
                                          "policy": READ}}},
            "aws_kms_external_key.k", "AWS::KMS::Key",
        ),
        (
            {"aws_opensearch_domain": {"d": {"domain_name": "d", "access_policies": READ}}},
            "aws_opensearch_domain.d", "AWS::OpenSearchService::Domain",
        ),
        (
            {"aws_cloudwatch_event_bus": {"b": {"name": "b"}},
             "aws_cloudwatch_event_bus_policy": {
                 "p": {"event_bus_name": "${aws_cloudwatch_event_bus.b.name}", "policy": READ}}},
            "aws_cloudwatch_event_bus.b", "AWS::Events::EventBus",
        ),
        (
            {"aws_s3_access_point": {"a": {"bucket": "b", "name": "a"}},
             "aws_s3control_access_point_policy": {
                 "p": {"access_point_arn": "${aws_s3_access_point.a.arn}", "policy": READ}}},
            "aws_s3_access_point.a", "AWS::S3::AccessPoint",
        ),
    ],
)  # fmt: skip
def test_every_type_with_a_policy_has_it(
    resources: dict[str, Any], address: str, kind: str
) -> None:
    found = picture(resources).resources
    assert list(found) == [address]
    assert found[address].type == kind
    policy = found[address].policy
    assert policy is not None
    assert policy.document.statements[0].actions == ("s3:GetObject",)


@pytest.mark.parametrize("content", [b"{", b"[]", b"{}"])
def test_what_is_no_state_is_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        load_state(content)


def test_a_principal_that_is_not_there_is_named() -> None:
    with pytest.raises(InputError, match="no such principal"):
        picture({"aws_iam_user": {"ann": {"name": "ann"}}}).principal("bob")


@pytest.mark.parametrize(
    ("arns", "account"),
    [
        (["arn:aws:iam::444455556666:user/a", "arn:aws:iam::444455556666:user/b"], "444455556666"),
        (["arn:aws:iam::444455556666:user/a", "arn:aws:iam::777788889999:user/b"], ""),
        (["arn:aws:iam::${terraform_data.later.output}:user/a"], ""),
        ([], ""),
    ],
)
def test_the_account_that_all_principals_name(arns: list[str], account: str) -> None:
    users = {f"u{at}": {"name": f"u{at}", "arn": arn} for at, arn in enumerate(arns)}
    there = {"aws_s3_bucket": {"b": {"bucket": "b"}}, "aws_iam_user": users}
    assert picture({kind: table for kind, table in there.items() if table}).account == account
