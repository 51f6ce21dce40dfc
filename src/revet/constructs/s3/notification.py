"""What S3 tells a function of new objects."""

from __future__ import annotations

from cdktn_provider_aws.s3_bucket_notification import (
    S3BucketNotification,
    S3BucketNotificationLambdaFunction,
)
from constructs import Construct

from revet.constructs.arguments import check_text
from revet.constructs.blocks import blocks
from revet.constructs.lambda_.function import Function
from revet.constructs.placement import check_construct, place
from revet.constructs.record import make_record
from revet.constructs.s3.bucket import Bucket


class Notification(Construct):
    """Has S3 invoke a function for each new object below a prefix.

    Makes `aws_s3_bucket_notification`, and at the function the permission for this bucket of this
    account and no other (`lambda-permission-source`). A bucket has one.

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope.
        bucket: whose objects.
        function: that is invoked; it needs to be let read the bucket.
        prefix: of the objects' keys.

    Raises:
        ArgumentError: an argument of another kind, or of another stack.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket: Bucket,
        function: Function,
        prefix: str,
    ) -> None:
        context = place(scope, construct_id)
        check_construct("bucket", bucket, Bucket, context)
        check_construct("function", function, Function, context)
        check_text("prefix", prefix, 1, 1024, "name what the keys begin with")
        super().__init__(scope, construct_id)
        permission = function.allow_invoke_from(
            f"from-{construct_id}",
            service="s3.amazonaws.com",
            source_arn=bucket.arn,
            source_account=context.account_id,
        )
        self.resource = S3BucketNotification(
            self,
            "notification",
            bucket=bucket.resource.id,
            lambda_function=blocks(
                S3BucketNotificationLambdaFunction(
                    lambda_function_arn=function.arn,
                    events=["s3:ObjectCreated:*"],
                    filter_prefix=prefix,
                )
            ),
            depends_on=[permission],  # S3 tries at once whether it may
        )
        context.records.append(make_record(self, "s3.Notification", (self.resource,)))
