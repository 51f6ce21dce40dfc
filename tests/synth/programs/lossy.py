"""Writes a dictionary into a list, where cdktn would drop its keys."""

import cdktn
from cdktn_provider_aws.cloudtrail import Cloudtrail
from cdktn_provider_aws.provider import AwsProvider

app = cdktn.App()
stack = cdktn.TerraformStack(app, "lossy")
AwsProvider(stack, "aws", region="us-west-2")
Cloudtrail(stack, "t", name="t", s3_bucket_name="b", event_selector=[{"read_write_type": "All"}])
app.synth()
