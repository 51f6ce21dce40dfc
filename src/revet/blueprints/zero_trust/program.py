"""Entry of the blueprint: what the environment says becomes the stack, and it is synthesized.

Environment: ENVIRONMENT_SUFFIX, AWS_REGION, TERRAFORM_STATE_BUCKET, TERRAFORM_STATE_BUCKET_REGION,
OWNER, PURPOSE, ORGANIZATION_ID, ALLOWED_CIDR_BLOCKS (with commas between), LIFECYCLE (`PROTECTED`
or `EPHEMERAL`); what is not set keeps the stack's default.
"""

from __future__ import annotations

import os
from typing import Any

from revet.synth import new_app

_VARIABLES = {
    "ENVIRONMENT_SUFFIX": ("environment_suffix", "dev"),
    "AWS_REGION": ("aws_region", "us-west-2"),
    "TERRAFORM_STATE_BUCKET": ("state_bucket", "iac-rlhf-tf-states"),
    "TERRAFORM_STATE_BUCKET_REGION": ("state_bucket_region", "us-west-2"),
    "OWNER": ("owner", "unassigned"),
    "PURPOSE": ("purpose", "zero-trust"),
    "ORGANIZATION_ID": ("organization_id", ""),
    "LIFECYCLE": ("lifecycle", "PROTECTED"),
}


def main() -> None:
    """Synthesize the stack into `CDKTF_OUTDIR`, by default `cdktf.out`.

    Raises:
        ArgumentError: a variable holds what the stack does not allow.
    """
    app = new_app()
    from revet.blueprints.zero_trust.stack import (  # noqa: PLC0415 - cdktn after its redirect
        ZeroTrustStack,
    )

    given: dict[str, Any] = {
        argument: os.environ.get(variable) or default
        for variable, (argument, default) in _VARIABLES.items()
    }
    ranges = os.environ.get("ALLOWED_CIDR_BLOCKS", "").split(",")
    given["allowed_cidr_blocks"] = [text.strip() for text in ranges if text.strip()]
    ZeroTrustStack(app, "ZeroTrustStack", **given)
    app.synth()


if __name__ == "__main__":
    main()
