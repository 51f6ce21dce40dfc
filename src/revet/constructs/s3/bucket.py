"""A private bucket with all its sub-resources."""

from __future__ import annotations

from collections.abc import Sequence

from cdktn_provider_aws.s3_bucket import S3Bucket
from cdktn_provider_aws.s3_bucket_lifecycle_configuration import (
    S3BucketLifecycleConfiguration,
    S3BucketLifecycleConfigurationRule,
    S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload,
    S3BucketLifecycleConfigurationRuleExpiration,
    S3BucketLifecycleConfigurationRuleFilter,
    S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration,
    S3BucketLifecycleConfigurationRuleTransition,
)
from cdktn_provider_aws.s3_bucket_logging import S3BucketLoggingA
from cdktn_provider_aws.s3_bucket_ownership_controls import (
    S3BucketOwnershipControls,
    S3BucketOwnershipControlsRule,
)
from cdktn_provider_aws.s3_bucket_policy import S3BucketPolicy
from cdktn_provider_aws.s3_bucket_public_access_block import S3BucketPublicAccessBlock
from cdktn_provider_aws.s3_bucket_server_side_encryption_configuration import (
    S3BucketServerSideEncryptionConfigurationA,
    S3BucketServerSideEncryptionConfigurationRuleA,
    S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA,
)
from cdktn_provider_aws.s3_bucket_versioning import (
    S3BucketVersioningA,
    S3BucketVersioningVersioningConfiguration,
)
from constructs import Construct

from revet.constructs.arguments import check_items, check_range, check_reason, refuse
from revet.constructs.blocks import blocks
from revet.constructs.grant import Grant, Grantee
from revet.constructs.kms.key import Key
from revet.constructs.placement import check_construct, place
from revet.constructs.policy import document, statement
from revet.constructs.record import Weakening, make_record
from revet.constructs.s3.bucket_policy import baseline_statements
from revet.constructs.s3.service_access import BucketAccess

_NAME_LIMIT = 63


class Bucket(Construct):
    """A private, versioned, encrypted bucket.

    Makes `aws_s3_bucket`, `aws_s3_bucket_ownership_controls`, `aws_s3_bucket_public_access_block`,
    `aws_s3_bucket_versioning`, `aws_s3_bucket_server_side_encryption_configuration`,
    `aws_s3_bucket_policy`, `aws_s3_bucket_lifecycle_configuration`, and with `access_log_bucket`
    `aws_s3_bucket_logging`.

    Defaults, each with the control that asks for it:
        - encrypted with `key`, a resource of its own (`s3-bucket-encryption`), bucket key on
          (`s3-bucket-key`), another key or none refused by the bucket policy;
        - all four public access blocks (`s3-bucket-public-access-block`), ACLs disabled;
        - versioning (`s3-bucket-versioning`);
        - requests without TLS, or with TLS below 1.2, denied (`s3-bucket-tls-only`);
        - old versions expire after 365 days, broken uploads after 7 (`s3-bucket-lifecycle`);
        - name `{prefix}-{id}-{suffix}-{account}-{region}`, so that it cannot collide;
        - emptied on destroy in an `EPHEMERAL` stack, never destroyed in a `PROTECTED` one;
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the name.
        key: encrypts the objects; required unless `sse_s3` says why not.
        sse_s3: the reason for AES256 with a key of S3's own instead of `key` (a target of server
            access logs needs that).
        access_log_bucket: receives this bucket's server access logs.
        service_access: services that may use the bucket on their own behalf.
        archive_after_days: objects move to Glacier Instant Retrieval after so many days, where they
            are read like all others; None leaves them where they are.
        expiration_days: objects end after so many days; None keeps them.
        noncurrent_version_expiration_days: old versions end after so many days.

    Raises:
        ArgumentError: neither or both of `key` and `sse_s3`, or an argument outside S3's limits.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        key: Key | None = None,
        sse_s3: str = "",
        access_log_bucket: Bucket | None = None,
        service_access: Sequence[BucketAccess] = (),
        archive_after_days: int | None = None,
        expiration_days: int | None = None,
        noncurrent_version_expiration_days: int = 365,
    ) -> None:
        context = place(scope, construct_id)
        if (key is None) == (sse_s3 == ""):
            refuse(
                "key",
                key,
                "a key, or a reason in `sse_s3` for doing without; not both",
                "give `key=`, or say in `sse_s3=` why S3's own key is enough",
            )
        if key is None:
            check_reason("sse_s3", sse_s3)
        else:
            check_construct("key", key, Key, context)
        if access_log_bucket is not None:
            check_construct("access_log_bucket", access_log_bucket, Bucket, context)
        check_items("service_access", service_access, BucketAccess, "`s3.cloudtrail(…)` is one")
        name = context.unique_name(construct_id, limit=_NAME_LIMIT)
        if expiration_days is not None:
            check_range("expiration_days", expiration_days, 1, 36500, "days")
        if archive_after_days is not None:
            last = 36500 if expiration_days is None else expiration_days - 1
            check_range("archive_after_days", archive_after_days, 1, last, "days")
        check_range(
            "noncurrent_version_expiration_days",
            noncurrent_version_expiration_days,
            *(1, 36500, "days"),
        )
        super().__init__(scope, construct_id)
        self.name = name
        self.key = key
        self.resource = S3Bucket(
            self,
            "bucket",
            bucket=name,
            force_destroy=not context.is_protected,
            lifecycle=context.resource_lifecycle,
            tags=context.tags_for(name),
        )
        self.arn: str = self.resource.arn
        self.ownership = S3BucketOwnershipControls(
            self,
            "ownership",
            bucket=self.resource.id,
            rule=S3BucketOwnershipControlsRule(object_ownership="BucketOwnerEnforced"),
        )
        self.public_access_block = S3BucketPublicAccessBlock(
            self,
            "public_access_block",
            bucket=self.resource.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )
        self.versioning = S3BucketVersioningA(
            self,
            "versioning",
            bucket=self.resource.id,
            versioning_configuration=S3BucketVersioningVersioningConfiguration(status="Enabled"),
        )
        self.encryption = self._encryption(key)
        statements = [
            made for access in service_access for made in access.statements(context, self.arn)
        ] + list(baseline_statements(self.arn, key.arn if key else None))
        self.policy = S3BucketPolicy(
            self,
            "policy",
            bucket=self.resource.id,
            policy=document(statements),
            depends_on=[self.public_access_block],  # S3 refuses both at once (OperationAborted)
        )
        self.lifecycle = self._lifecycle(
            archive_after_days, expiration_days, noncurrent_version_expiration_days
        )
        self.logging = (
            None
            if access_log_bucket is None
            else S3BucketLoggingA(
                self,
                "logging",
                bucket=self.resource.id,
                target_bucket=access_log_bucket.resource.id,
                target_prefix=f"{construct_id}/",
                depends_on=[access_log_bucket.policy],
            )
        )
        made = (
            *(self.resource, self.ownership, self.public_access_block, self.versioning),
            *(self.encryption, self.policy, self.lifecycle),
            *(() if self.logging is None else (self.logging,)),
        )
        weakened = (Weakening("sse_s3", sse_s3),) if sse_s3 else ()
        context.records.append(make_record(self, "s3.Bucket", made, weakened))

    def _encryption(self, key: Key | None) -> S3BucketServerSideEncryptionConfigurationA:
        default = S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA(
            sse_algorithm="AES256" if key is None else "aws:kms",
            kms_master_key_id=None if key is None else key.arn,
        )
        rule = S3BucketServerSideEncryptionConfigurationRuleA(
            apply_server_side_encryption_by_default=default, bucket_key_enabled=True
        )
        return S3BucketServerSideEncryptionConfigurationA(
            self, "encryption", bucket=self.resource.id, rule=blocks(rule)
        )

    def _lifecycle(
        self, archive_days: int | None, expiration_days: int | None, noncurrent_days: int
    ) -> S3BucketLifecycleConfiguration:
        rules = [
            S3BucketLifecycleConfigurationRule(
                id="old-versions-and-broken-uploads",
                status="Enabled",
                filter=blocks(S3BucketLifecycleConfigurationRuleFilter(prefix="")),
                abort_incomplete_multipart_upload=blocks(
                    S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload(
                        days_after_initiation=7
                    )
                ),
                noncurrent_version_expiration=blocks(
                    S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration(
                        noncurrent_days=noncurrent_days
                    )
                ),
            )
        ]
        if archive_days is not None:
            rules.append(
                S3BucketLifecycleConfigurationRule(
                    id="archive",
                    status="Enabled",
                    filter=blocks(S3BucketLifecycleConfigurationRuleFilter(prefix="")),
                    transition=blocks(
                        S3BucketLifecycleConfigurationRuleTransition(
                            days=archive_days, storage_class="GLACIER_IR"
                        )
                    ),
                )
            )
        if expiration_days is not None:
            rules.append(
                S3BucketLifecycleConfigurationRule(
                    id="retention",
                    status="Enabled",
                    filter=blocks(S3BucketLifecycleConfigurationRuleFilter(prefix="")),
                    expiration=blocks(
                        S3BucketLifecycleConfigurationRuleExpiration(days=expiration_days)
                    ),
                )
            )
        return S3BucketLifecycleConfiguration(
            self,
            "lifecycle",
            bucket=self.resource.id,
            rule=blocks(*rules),
            depends_on=[self.versioning],  # rules on old versions need versions
        )

    def grant_read(self, grantee: Grantee, *, prefix: str = "") -> Grant:
        """Let a role list and read objects, and decrypt them: no bucket settings.

        Args:
            grantee: the role.
            prefix: only objects below it.
        """
        listing = {"StringLike": {"s3:prefix": f"{prefix}*"}} if prefix else None
        grant = grantee.allow(
            f"{self.node.id}-read",
            statement(
                "ListBucket", actions="s3:ListBucket", resources=self.arn, conditions=listing
            ),
            statement(
                "ReadObjects",
                actions=("s3:GetObject", "s3:GetObjectVersion"),
                resources=f"{self.arn}/{prefix}*",
            ),
        )
        return grant if self.key is None else grant + self.key.grant_decrypt(grantee)

    def grant_put(self, grantee: Grantee, *, prefix: str = "") -> Grant:
        """Let a role put objects, and encrypt them: neither read them back nor delete them.

        Args:
            grantee: the role.
            prefix: only objects below it.
        """
        grant = grantee.allow(
            f"{self.node.id}-put",
            statement(
                "PutObjects",
                actions=("s3:AbortMultipartUpload", "s3:PutObject"),
                resources=f"{self.arn}/{prefix}*",
            ),
        )
        return grant if self.key is None else grant + self.key.grant_generate_data_key(grantee)
