"""The recorder of AWS Config, with its delivery channel."""

from __future__ import annotations

from cdktn_provider_aws.config_configuration_recorder import (
    ConfigConfigurationRecorder,
    ConfigConfigurationRecorderRecordingGroup,
)
from cdktn_provider_aws.config_configuration_recorder_status import (
    ConfigConfigurationRecorderStatus,
)
from cdktn_provider_aws.config_delivery_channel import (
    ConfigDeliveryChannel,
    ConfigDeliveryChannelSnapshotDeliveryProperties,
)
from cdktn_provider_aws.iam_service_linked_role import IamServiceLinkedRole
from constructs import Construct

from revet.constructs.arguments import check_choice, check_flag, refuse
from revet.constructs.placement import check_construct, place
from revet.constructs.record import make_record
from revet.constructs.s3.bucket import Bucket

# Source: Config API reference, `MaximumExecutionFrequency`.
FREQUENCIES = ("One_Hour", "Three_Hours", "Six_Hours", "Twelve_Hours", "TwentyFour_Hours")


class Recorder(Construct):
    """The recorder of this account and region, its delivery channel, and that it is on.

    AWS Config has one recorder and one channel for each account and region. The order cannot race:
    the channel waits for the recorder and the bucket's policy, the start for the channel, and every
    rule for the start; a destroy goes the other way.

    Makes `aws_config_configuration_recorder`, `aws_config_delivery_channel`,
    `aws_config_configuration_recorder_status`, and unless the account has it
    `aws_iam_service_linked_role`.

    Defaults, each with the control that asks for it:
        - the stack's tags on the role (`tags-required`);
        - all types are recorded, global ones too, and the recorder is on (`config-recorder-on`);
        - it acts by the service-linked role, which nobody else can assume
          (`config-recorder-on`);
        - delivery into a bucket of the stack, encrypted with the bucket's key
          (`config-delivery-channel`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the name.
        bucket: receives snapshots and history; its policy must admit AWS Config (`s3.config()`),
            as must the policy of its key (`kms.config()`). A bucket with Object Lock cannot.
        frequency: of the snapshots, `One_Hour` to `TwentyFour_Hours`.
        has_service_linked_role: whether the account has `AWSServiceRoleForConfig` already; IAM
            refuses to make a second one.

    Raises:
        ArgumentError: a bucket without a key of the stack, or a frequency that AWS Config does not
            know.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket: Bucket,
        frequency: str = "Six_Hours",
        has_service_linked_role: bool = False,
    ) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=256)
        check_construct("bucket", bucket, Bucket, context)
        if bucket.key is None:
            refuse(
                "bucket",
                bucket.node.path,
                "a bucket with a customer-managed key",
                "give the bucket a `key=`, whose policy admits `kms.config()`",
            )
        check_choice("frequency", frequency, FREQUENCIES)
        check_flag("has_service_linked_role", has_service_linked_role)
        super().__init__(scope, construct_id)
        self.service_linked_role = (
            None
            if has_service_linked_role
            else IamServiceLinkedRole(
                self,
                "role",
                aws_service_name="config.amazonaws.com",
                tags=context.tags_for(name),
            )
        )
        role_arn = (
            context.arn(
                "iam",
                "role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig",
                region=False,
            )
            if self.service_linked_role is None
            else self.service_linked_role.arn
        )
        self.resource = ConfigConfigurationRecorder(
            self,
            "recorder",
            name=name,
            role_arn=role_arn,
            recording_group=ConfigConfigurationRecorderRecordingGroup(
                all_supported=True, include_global_resource_types=True
            ),
        )
        self.channel = ConfigDeliveryChannel(
            self,
            "channel",
            name=name,
            s3_bucket_name=bucket.resource.id,
            s3_kms_key_arn=bucket.key.arn,
            snapshot_delivery_properties=ConfigDeliveryChannelSnapshotDeliveryProperties(
                delivery_frequency=frequency
            ),
            depends_on=[self.resource, bucket.policy],
        )
        self.status = ConfigConfigurationRecorderStatus(
            self,
            "status",
            name=self.resource.name,
            is_enabled=True,
            depends_on=[self.channel],
        )
        role = () if self.service_linked_role is None else (self.service_linked_role,)
        made = (*role, self.resource, self.channel, self.status)
        context.records.append(make_record(self, "config.Recorder", made))
