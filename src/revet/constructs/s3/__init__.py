"""Amazon S3."""

from revet.constructs.s3.bucket import Bucket
from revet.constructs.s3.notification import Notification
from revet.constructs.s3.service_access import BucketAccess, cloudtrail, config, server_access_logs

__all__ = [
    "Bucket",
    "BucketAccess",
    "Notification",
    "cloudtrail",
    "config",
    "server_access_logs",
]
