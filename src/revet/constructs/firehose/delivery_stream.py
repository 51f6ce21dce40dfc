"""A delivery stream into a bucket."""

from __future__ import annotations

import re

from cdktn_provider_aws.cloudwatch_log_stream import CloudwatchLogStream
from cdktn_provider_aws.kinesis_firehose_delivery_stream import (
    KinesisFirehoseDeliveryStream,
    KinesisFirehoseDeliveryStreamServerSideEncryption,
)
from cdktn_provider_aws.kinesis_firehose_delivery_stream import (
    KinesisFirehoseDeliveryStreamExtendedS3Configuration as _Destination,
)
from cdktn_provider_aws.kinesis_firehose_delivery_stream import (
    KinesisFirehoseDeliveryStreamExtendedS3ConfigurationCloudwatchLoggingOptions as _Errors,
)
from cdktn_provider_aws.kinesis_firehose_delivery_stream import (
    KinesisFirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfiguration as _Processing,
)
from cdktn_provider_aws.kinesis_firehose_delivery_stream import (
    KinesisFirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessors as _Processor,  # noqa: E501 - the provider package's name
)
from cdktn_provider_aws.kinesis_firehose_delivery_stream import (
    KinesisFirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessorsParameters as _Parameter,  # noqa: E501 - the provider package's name
)
from constructs import Construct

from revet.constructs.arguments import check_match, check_range, refuse
from revet.constructs.blocks import blocks
from revet.constructs.grant import Grant
from revet.constructs.iam.boundary import Boundary
from revet.constructs.iam.role import Role
from revet.constructs.iam.trust import ServicePrincipal
from revet.constructs.kms.key import Key
from revet.constructs.logs.group import LogGroup
from revet.constructs.placement import check_construct, place
from revet.constructs.policy import statement
from revet.constructs.record import make_record
from revet.constructs.s3.bucket import Bucket

_PREFIX = re.compile(r"[A-Za-z0-9_.=-]+(?:/[A-Za-z0-9_.=-]+)*")
_BY_DAY = "!{timestamp:yyyy/MM/dd}"


class DeliveryStream(Construct):
    """Takes the events of log groups and puts them into a bucket, day by day.

    Makes `aws_kinesis_firehose_delivery_stream` and `aws_cloudwatch_log_stream`; two `iam.Role`,
    one by which Firehose delivers (`.delivery_role`) and one by which CloudWatch Logs puts events
    into this stream (`.logs_role`).

    Defaults, each with the control that asks for it:
        - encrypted with `key` while it is under way (`firehose-stream-encryption`), with the key of
          the bucket when it has arrived;
        - the roles can do no more than this stream needs, and each trusts one service for resources
          of this account (confused deputy);
        - delivered under `{prefix}/{year}/{month}/{day}/`, what fails under `{error_prefix}/`;
          compressed with gzip, after the events of CloudWatch Logs were decompressed;
        - errors of the delivery go to `log_group`;
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the name.
        bucket: receives the events.
        key: encrypts them on their way; whoever deploys must be able to make grants for it.
        log_group: receives the errors of the delivery.
        prefix: of the keys of what is delivered.
        error_prefix: of the keys of what could not be.
        buffering_interval: seconds until what has come is delivered, 60 to 900.
        buffering_size: delivered before that when so many MiB have come, 1 to 128.
        boundary: limits what both roles can be granted.

    Raises:
        ArgumentError: an argument that Firehose does not take, or a bucket without a key of the
            stack.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket: Bucket,
        key: Key,
        log_group: LogGroup,
        prefix: str = "logs",
        error_prefix: str = "errors",
        buffering_interval: int = 300,
        buffering_size: int = 5,
        boundary: Boundary | None = None,
    ) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=64)
        check_construct("bucket", bucket, Bucket, context)
        if bucket.key is None:
            refuse(
                "bucket",
                bucket.node.path,
                "a bucket with a customer-managed key",
                "give the bucket a `key=`",
            )
        check_construct("key", key, Key, context)
        check_construct("log_group", log_group, LogGroup, context)
        for argument, value in (("prefix", prefix), ("error_prefix", error_prefix)):
            check_match(argument, value, _PREFIX, "parts of a key with `/` between", "correct it")
        if prefix == error_prefix:
            refuse("error_prefix", error_prefix, "another prefix than `prefix`", "rename one")
        check_range("buffering_interval", buffering_interval, 60, 900, "seconds")
        check_range("buffering_size", buffering_size, 1, 128, "MiB")
        if boundary is not None:
            check_construct("boundary", boundary, Boundary, context)
        context.name(f"{construct_id}-delivery", limit=64)
        super().__init__(scope, construct_id)
        self.name = name
        self.bucket = bucket
        arn = context.arn("firehose", f"deliverystream/{name}")
        self.delivery_role = Role(
            self,
            f"{construct_id}-delivery",
            description="Firehose delivers events into their bucket",
            assumed_by=ServicePrincipal(service="firehose.amazonaws.com", source_arn=arn),
            boundary=boundary,
        )
        self.log_stream = CloudwatchLogStream(
            self, "errors", name=name, log_group_name=log_group.resource.name
        )
        granted = self._grant(bucket, bucket.key, log_group, (prefix, error_prefix))
        self.resource = KinesisFirehoseDeliveryStream(
            self,
            "stream",
            name=name,
            destination="extended_s3",
            server_side_encryption=KinesisFirehoseDeliveryStreamServerSideEncryption(
                enabled=True, key_type="CUSTOMER_MANAGED_CMK", key_arn=key.arn
            ),
            extended_s3_configuration=_Destination(
                role_arn=self.delivery_role.arn,
                bucket_arn=bucket.arn,
                kms_key_arn=bucket.key.arn,
                prefix=f"{prefix}/{_BY_DAY}/",
                error_output_prefix=f"{error_prefix}/!{{firehose:error-output-type}}/{_BY_DAY}/",
                buffering_interval=buffering_interval,
                buffering_size=buffering_size,
                compression_format="GZIP",
                cloudwatch_logging_options=_Errors(
                    enabled=True,
                    log_group_name=log_group.resource.name,
                    log_stream_name=self.log_stream.name,
                ),
                processing_configuration=_decompression(),
            ),
            tags=context.tags_for(name),
            depends_on=list(granted.policies),
        )
        self.arn: str = self.resource.arn
        self.logs_role = Role(
            self,
            f"{construct_id}-logs",
            description="CloudWatch Logs puts events into their delivery stream",
            assumed_by=ServicePrincipal(
                service="logs.amazonaws.com", source_arn=context.arn("logs", "*")
            ),
            boundary=boundary,
        )
        self.logs_grant = self.logs_role.allow(
            f"{construct_id}-put",
            statement(
                "PutRecords",
                actions=("firehose:PutRecord", "firehose:PutRecordBatch"),
                resources=self.arn,
            ),
        )
        made = (self.log_stream, self.resource)
        context.records.append(make_record(self, "firehose.DeliveryStream", made))

    def _grant(
        self, bucket: Bucket, bucket_key: Key, log_group: LogGroup, prefixes: tuple[str, str]
    ) -> Grant:
        """What Firehose needs for this bucket, below these prefixes.

        Source: Firehose developer guide, "Grant Firehose access to an Amazon S3 destination".
        """
        return self.delivery_role.allow(
            f"{self.node.id}-deliver",
            statement(
                "FindBucket",
                actions=(
                    "s3:GetBucketLocation",
                    "s3:ListBucket",
                    "s3:ListBucketMultipartUploads",
                ),
                resources=bucket.arn,
            ),
            statement(
                "PutObjects",
                actions=("s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"),
                resources=[f"{bucket.arn}/{prefix}/*" for prefix in prefixes],
            ),
            statement(
                "EncryptObjects",
                actions=("kms:Decrypt", "kms:GenerateDataKey"),
                resources=bucket_key.arn,
            ),
            statement(
                "WriteErrors",
                actions="logs:PutLogEvents",
                resources=f"{log_group.arn}:log-stream:{self.log_stream.name}",
            ),
        )


def _decompression() -> _Processing:
    """CloudWatch Logs sends compressed batches, which readers of the bucket could not search.

    Source: Firehose developer guide, "Decompress CloudWatch Logs".
    """
    parameter = _Parameter(parameter_name="CompressionFormat", parameter_value="GZIP")
    processor = _Processor(type="Decompression", parameters=blocks(parameter))
    return _Processing(enabled=True, processors=blocks(processor))
