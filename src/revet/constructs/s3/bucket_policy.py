"""The statements that stand in every bucket's policy."""

from __future__ import annotations

from revet.constructs.policy import PolicyStatement, statement


def baseline_statements(bucket_arn: str, key_arn: str | None) -> tuple[PolicyStatement, ...]:
    """Deny what no bucket of ours accepts: no TLS, old TLS, and with a key every other encryption.

    Requests that carry no encryption header are let through, since the bucket's default applies to
    them; a plain `StringNotEquals` would deny them (Config, flow logs and many SDK calls).

    Source: S3 user guide, "Security best practices" and "Amazon S3 policy keys"; AWS Config rule
    `s3-bucket-ssl-requests-only`, which asks for the first statement in exactly this form.

    Args:
        bucket_arn: ARN of the bucket.
        key_arn: ARN of the key, never an alias; None with S3's own key.
    """
    everything = (bucket_arn, f"{bucket_arn}/*")
    objects = f"{bucket_arn}/*"
    algorithm = "s3:x-amz-server-side-encryption"
    key_id = "s3:x-amz-server-side-encryption-aws-kms-key-id"
    made = [
        statement(
            "TlsOnly",
            effect="Deny",
            actions="s3:*",
            resources=everything,
            principals="*",
            conditions={"Bool": {"aws:SecureTransport": "false"}},
        ),
        statement(
            "TlsVersion",
            effect="Deny",
            actions="s3:*",
            resources=everything,
            principals="*",
            conditions={
                "NumericLessThan": {"s3:TlsVersion": "1.2"},
                "Bool": {"aws:PrincipalIsAWSService": "false"},
            },
        ),
    ]
    if key_arn is not None:
        made += [
            statement(
                "OtherKey",
                effect="Deny",
                actions="s3:PutObject",
                resources=objects,
                principals="*",
                conditions={
                    "StringNotEqualsIfExists": {key_id: key_arn},
                    "Null": {key_id: "false"},
                },
            ),
            statement(
                "OtherEncryption",
                effect="Deny",
                actions="s3:PutObject",
                resources=objects,
                principals="*",
                conditions={
                    "StringNotEquals": {algorithm: "aws:kms"},
                    "Null": {algorithm: "false"},
                },
            ),
            statement(
                "KeyOfS3",
                effect="Deny",
                actions="s3:PutObject",
                resources=objects,
                principals="*",
                conditions={"StringEquals": {algorithm: "aws:kms"}, "Null": {key_id: "true"}},
            ),
        ]
    return tuple(made)
