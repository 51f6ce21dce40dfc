"""Entry of the blueprint: what the environment says becomes the stack, and it is synthesized.

Environment: ENVIRONMENT_SUFFIX, AWS_REGION, TERRAFORM_STATE_BUCKET, TERRAFORM_STATE_BUCKET_REGION,
OWNER, PURPOSE, LIFECYCLE (`PROTECTED` or `EPHEMERAL`); what is not set keeps the default.
"""

from __future__ import annotations

import os

from revet.synth import new_app


def _read(variable: str, default: str) -> str:
    return os.environ.get(variable) or default


def main() -> None:
    """Synthesize the stack into `CDKTF_OUTDIR`, by default `cdktf.out`."""
    app = new_app()
    from revet.blueprints.tap.stack import (  # noqa: PLC0415 - cdktn only after its redirect
        SecureApplicationStack,
    )

    SecureApplicationStack(
        app,
        "TapStack",
        environment_suffix=_read("ENVIRONMENT_SUFFIX", "dev"),
        aws_region=_read("AWS_REGION", "us-west-2"),
        state_bucket=_read("TERRAFORM_STATE_BUCKET", "iac-rlhf-tf-states"),
        state_bucket_region=_read("TERRAFORM_STATE_BUCKET_REGION", "us-west-2"),
        owner=_read("OWNER", "unassigned"),
        purpose=_read("PURPOSE", "secure-application"),
        lifecycle=_read("LIFECYCLE", "PROTECTED"),
    )
    app.synth()


if __name__ == "__main__":
    main()
