"""Makes two stacks and prints."""

import sys

import cdktn

app = cdktn.App()
for name in sys.argv[1:]:
    stack = cdktn.TerraformStack(app, name)
    cdktn.S3Backend(stack, bucket="b", key="k", region="us-west-2")
    cdktn.TerraformOutput(stack, "said", value=name)
sys.stdout.write(" ".join(["made", *sys.argv[1:]]) + "\n")
app.synth()
