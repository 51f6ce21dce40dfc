"""Trails encrypt their files with a customer-managed key."""

from revet.model.finding import Outcome
from revet.verify.catalog import live_check
from revet.verify.reader import Reader
from revet.verify.reading.cloudtrail import read_trail
from revet.verify.reading.kms import judge_customer_key
from revet.verify.subject import Subject


@live_check(
    control="cloudtrail-trail-encryption",
    resource="aws_cloudtrail",
    actions=("cloudtrail:GetTrail", "kms:DescribeKey"),
)
def check(subject: Subject, reader: Reader) -> Outcome:
    """The trail names a key, and that key is the customer's and in use."""
    trail = read_trail(subject, reader)
    return judge_customer_key(reader, trail.get("KmsKeyId", ""), subject.region, what="the trail")
