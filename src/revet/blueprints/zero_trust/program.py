"""Entry of the blueprint: what the environment says becomes the stack, and it is synthesized.

Environment: ENVIRONMENT_SUFFIX, AWS_REGION, TERRAFORM_STATE_BUCKET, TERRAFORM_STATE_BUCKET_REGION,
OWNER, PURPOSE, ORGANIZATION_ID, ALLOWED_CIDR_BLOCKS (with commas between), LIFECYCLE (`PROTECTED`
or `EPHEMERAL`); what is not set keeps the stack's default.
"""

from __future__ import annotations

import os
from collections.abc import Callable

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


def main(stack: Callable[..., object] | None = None) -> None:
    """Synthesize the stack into `CDKTF_OUTDIR`, by default `cdktf.out`.

    Args:
        stack: a class that takes the arguments of the blueprint's stack; that one by default.

    Raises:
        ArgumentError: a variable holds what the stack does not allow.
    """
    app = new_app()
    if stack is not None:
        _add(stack, app)
    else:
        from revet.blueprints.zero_trust.stack import (  # noqa: PLC0415 - cdktn only after its redirect
            ZeroTrustStack,
        )

        _add(ZeroTrustStack, app)
    app.synth()


def _add(stack: Callable[..., object], app: object) -> None:
    arguments: dict[str, object] = {
        argument: os.environ.get(variable) or default
        for variable, (argument, default) in _VARIABLES.items()
    }
    ranges = os.environ.get("ALLOWED_CIDR_BLOCKS", "").split(",")
    arguments["allowed_cidr_blocks"] = [text.strip() for text in ranges if text.strip()]
    stack(app, "ZeroTrustStack", **arguments)


if __name__ == "__main__":
    main()
