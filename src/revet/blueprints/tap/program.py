"""Entry of the blueprint: what the environment says becomes the stack, and it is synthesized.

Environment: ENVIRONMENT_SUFFIX, AWS_REGION, TERRAFORM_STATE_BUCKET, TERRAFORM_STATE_BUCKET_REGION,
OWNER, PURPOSE, LIFECYCLE (`PROTECTED` or `EPHEMERAL`); what is not set keeps the default.
"""

from __future__ import annotations

import os

from revet.synth import new_app

_DEFAULTS = {
    "environment_suffix": ("ENVIRONMENT_SUFFIX", "dev"),
    "aws_region": ("AWS_REGION", "us-west-2"),
    "state_bucket": ("TERRAFORM_STATE_BUCKET", "iac-rlhf-tf-states"),
    "state_bucket_region": ("TERRAFORM_STATE_BUCKET_REGION", "us-west-2"),
    "owner": ("OWNER", "unassigned"),
    "purpose": ("PURPOSE", "secure-application"),
    "lifecycle": ("LIFECYCLE", "PROTECTED"),
}
"""Argument of the stack to its variable and default."""


def main() -> None:
    """Synthesize the stack into `CDKTF_OUTDIR`, by default `cdktf.out`."""
    app = new_app()
    from revet.blueprints.tap.stack import (  # noqa: PLC0415 - cdktn only after its redirect
        SecureApplicationStack,
    )

    SecureApplicationStack(
        app,
        "TapStack",
        **{
            name: os.environ.get(variable) or value for name, (variable, value) in _DEFAULTS.items()
        },
    )
    app.synth()


if __name__ == "__main__":
    main()
