from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import cdktn
import pytest

from revet.constructs import cloudtrail, iam, kms, s3
from revet.constructs.grant import Grant
from revet.model.errors import ArgumentError

if TYPE_CHECKING:
    from tests.constructs.conftest import Synthesize

KEY_ID = "s3:x-amz-server-side-encryption-aws-kms-key-id"
ALGORITHM = "s3:x-amz-server-side-encryption"


def key(stack: cdktn.TerraformStack) -> kms.Key:
    return kms.Key(stack, "key", description="x")


def reference(stack: cdktn.TerraformStack, resource: cdktn.TerraformResource, name: str) -> str:
    return f"${{{resource.terraform_resource_type}.{resource.friendly_unique_id}.{name}}}"


def test_a_bucket_has_every_sub_resource(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    data_key = key(stack)
    bucket = s3.Bucket(stack, "data", key=data_key)
    made = synthesized(stack)
    account = "${data.aws_caller_identity.revet_account_5228BAC8.account_id}"
    name = made.one("aws_s3_bucket")["bucket"]
    assert name == f"app-data-test-{account}-us-west-2"
    encryption = made.one("aws_s3_bucket_server_side_encryption_configuration")["rule"]
    assert encryption == [
        {
            "apply_server_side_encryption_by_default": {
                "kms_master_key_id": reference(stack, data_key.resource, "arn"),
                "sse_algorithm": "aws:kms",
            },
            "bucket_key_enabled": True,
        }
    ]
    block = made.one("aws_s3_bucket_public_access_block")
    assert all(
        block[argument] is True
        for argument in (
            "block_public_acls",
            "block_public_policy",
            "ignore_public_acls",
            "restrict_public_buckets",
        )
    )
    versioning = made.one("aws_s3_bucket_versioning")["versioning_configuration"]
    assert versioning == {"status": "Enabled"}
    (rule,) = made.one("aws_s3_bucket_lifecycle_configuration")["rule"]
    assert rule["abort_incomplete_multipart_upload"] == [{"days_after_initiation": 7}]
    assert rule["noncurrent_version_expiration"] == [{"noncurrent_days": 365}]
    ownership = made.one("aws_s3_bucket_ownership_controls")["rule"]
    assert ownership == {"object_ownership": "BucketOwnerEnforced"}
    for kind in made.json["resource"]:
        if kind.startswith("aws_s3_bucket_"):
            assert made.one(kind)["bucket"] == reference(stack, bucket.resource, "id"), kind


def test_the_policy_denies_what_no_bucket_accepts(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    data_key = key(stack)
    bucket = s3.Bucket(stack, "data", key=data_key)
    statements = synthesized(stack).statements("aws_s3_bucket_policy")
    arn = reference(stack, bucket.resource, "arn")
    key_arn = reference(stack, data_key.resource, "arn")
    conditions = {
        "TlsOnly": {"Bool": {"aws:SecureTransport": "false"}},
        "TlsVersion": {
            "NumericLessThan": {"s3:TlsVersion": "1.2"},
            "Bool": {"aws:PrincipalIsAWSService": "false"},
        },
        "OtherKey": {
            "StringNotEqualsIfExists": {KEY_ID: key_arn},
            "Null": {KEY_ID: "false"},
        },
        "OtherEncryption": {
            "StringNotEquals": {ALGORITHM: "aws:kms"},
            "Null": {ALGORITHM: "false"},
        },
        "KeyOfS3": {"StringEquals": {ALGORITHM: "aws:kms"}, "Null": {KEY_ID: "true"}},
    }
    assert {sid: item["Condition"] for sid, item in statements.items()} == conditions
    for sid, item in statements.items():
        tls = sid.startswith("Tls")
        assert (item["Effect"], item["Principal"]) == ("Deny", "*")
        assert item["Action"] == ("s3:*" if tls else "s3:PutObject")
        assert item["Resource"] == ([arn, f"{arn}/*"] if tls else f"{arn}/*")


def test_a_key_of_s3_s_own_needs_a_reason_and_has_no_key_statements(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    s3.Bucket(stack, "logs", sse_s3="a target of access logs")
    made = synthesized(stack)
    (rule,) = made.one("aws_s3_bucket_server_side_encryption_configuration")["rule"]
    assert rule["apply_server_side_encryption_by_default"] == {"sse_algorithm": "AES256"}
    assert set(made.statements("aws_s3_bucket_policy")) == {"TlsOnly", "TlsVersion"}


def test_access_logs_wait_for_the_targets_policy(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    target = s3.Bucket(
        stack,
        "logs",
        sse_s3="a target of access logs",
        service_access=[s3.server_access_logs("app-*")],
        expiration_days=30,
    )
    s3.Bucket(stack, "data", key=key(stack), access_log_bucket=target)
    made = synthesized(stack)
    logging = made.one("aws_s3_bucket_logging")
    assert logging["depends_on"] == [f"aws_s3_bucket_policy.{target.policy.friendly_unique_id}"]
    assert logging["target_bucket"] == reference(stack, target.resource, "id")
    assert logging["target_prefix"] == "data/"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({}, "`key`"),
        ({"sse_s3": "reason"}, "in words"),
        ({"sse_s3": "a good reason", "expiration_days": 0}, "expiration_days"),
        ({"sse_s3": "a good reason", "noncurrent_version_expiration_days": 0}, "noncurrent"),
    ],
)
def test_a_bad_argument_leaves_nothing_behind(
    stack: cdktn.TerraformStack, arguments: dict[str, Any], says: str
) -> None:
    before = len(stack.node.children)
    with pytest.raises(ArgumentError, match=says):
        s3.Bucket(stack, "data", **arguments)
    with pytest.raises(ArgumentError, match="63 characters"):
        s3.Bucket(stack, "x" * 40, sse_s3="a good reason")
    assert len(stack.node.children) == before


def test_a_trail_s_bucket_admits_this_trail_only(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    trail = cloudtrail.Trail(stack, "trail", key=key(stack))
    made = synthesized(stack)
    statements = made.statements("aws_s3_bucket_policy")
    arn = reference(stack, trail.bucket.resource, "arn")
    account = "${data.aws_caller_identity.revet_account_5228BAC8.account_id}"
    of_trail = {"aws:SourceArn": f"arn:aws:cloudtrail:us-west-2:{account}:trail/app-trail-test"}
    allowed = {sid: item for sid, item in statements.items() if item["Effect"] == "Allow"}
    assert set(allowed) == {"CloudTrailReadsAcl", "CloudTrailPutsLogs"}
    for item in allowed.values():
        assert item["Principal"] == {"Service": "cloudtrail.amazonaws.com"}
        assert item["Condition"]["StringEquals"].items() >= of_trail.items()
    assert statements["CloudTrailPutsLogs"]["Resource"] == f"{arn}/AWSLogs/{account}/*"
    only = statements["OnlyCloudTrailPuts"]
    assert (only["Effect"], only["Principal"], only["Resource"]) == ("Deny", "*", f"{arn}/*")
    assert only["Action"] == ["s3:PutObject", "s3:ReplicateObject"]
    assert only["Condition"] == {
        "StringNotEqualsIfExists": {"aws:PrincipalServiceName": "cloudtrail.amazonaws.com"}
    }
    body = made.one("aws_cloudtrail")
    assert body["is_multi_region_trail"] is True
    assert body["enable_log_file_validation"] is True
    assert body["include_global_service_events"] is True
    policy = f"aws_s3_bucket_policy.{trail.bucket.policy.friendly_unique_id}"
    assert body["depends_on"] == [policy]
    rules = made.one("aws_s3_bucket_lifecycle_configuration")["rule"]
    assert [rule["expiration"] for rule in rules if "expiration" in rule] == [[{"days": 3653}]]


def key_of(bucket: s3.Bucket) -> kms.Key:
    assert bucket.key is not None
    return bucket.key


GRANTS: dict[str, tuple[Callable[[s3.Bucket, iam.Role], Grant], dict[str, list[str]]]] = {
    "read": (
        lambda bucket, role: bucket.grant_read(role, prefix="in/"),
        {
            "ListBucket": ["s3:ListBucket"],
            "ReadObjects": ["s3:GetObject", "s3:GetObjectVersion"],
            "Decrypt": ["kms:Decrypt"],
        },
    ),
    "put": (
        lambda bucket, role: bucket.grant_put(role),
        {
            "PutObjects": ["s3:AbortMultipartUpload", "s3:PutObject"],
            "GenerateDataKey": ["kms:Decrypt", "kms:GenerateDataKey"],
        },
    ),
    "key": (
        lambda bucket, role: key_of(bucket).grant_encrypt_decrypt(role),
        {
            "EncryptDecrypt": [
                "kms:Decrypt",
                "kms:DescribeKey",
                "kms:Encrypt",
                "kms:GenerateDataKey*",
                "kms:ReEncrypt*",
            ]
        },
    ),
}


@pytest.mark.parametrize("grant", GRANTS)
def test_a_grant_gives_what_it_says_and_no_more(
    stack: cdktn.TerraformStack, synthesized: Synthesize, grant: str
) -> None:
    import json  # noqa: PLC0415 - only here

    service = iam.ServicePrincipal("lambda.amazonaws.com", "arn:aws:lambda:*:*:function:x")
    role = iam.Role(stack, "role", description="x", assumed_by=service)
    give, expected = GRANTS[grant]
    given = give(s3.Bucket(stack, "data", key=key(stack)), role)
    made = synthesized(stack)
    found = {}
    for body in made.all("aws_iam_role_policy"):
        for item in json.loads(body["policy"])["Statement"]:
            actions = item["Action"]
            found[item["Sid"]] = [actions] if isinstance(actions, str) else actions
            assert item["Resource"] != "*"
    assert found == expected
    assert len(given.policies) == len(made.all("aws_iam_role_policy"))
    listed = made.records()["stack/role"]["resources"]
    assert len(listed) == 1 + len(given.policies)
