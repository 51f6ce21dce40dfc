"""Entry of the `tap` stack: the environment's variables become a stack, which is synthesized.

Environment: ENVIRONMENT_SUFFIX, AWS_REGION, TERRAFORM_STATE_BUCKET, TERRAFORM_STATE_BUCKET_REGION,
OWNER, PURPOSE, LIFECYCLE (`PROTECTED` or `EPHEMERAL`); what is not set keeps the stack's default.
"""

from __future__ import annotations

import os

from lib.tap_stack import TapStack

from revet.synth import new_app

_ARGUMENTS = {
    "ENVIRONMENT_SUFFIX": "environment_suffix",
    "AWS_REGION": "aws_region",
    "TERRAFORM_STATE_BUCKET": "state_bucket",
    "TERRAFORM_STATE_BUCKET_REGION": "state_bucket_region",
    "OWNER": "owner",
    "PURPOSE": "purpose",
    "LIFECYCLE": "lifecycle",
}


def main() -> None:
    """Synthesize the stack into `CDKTF_OUTDIR`, by default `cdktf.out`."""
    app = new_app()
    given = {
        argument: os.environ[variable]
        for variable, argument in _ARGUMENTS.items()
        if os.environ.get(variable)
    }
    TapStack(app, "TapStack", **given)  # type: ignore[arg-type]
    app.synth()


if __name__ == "__main__":
    main()
