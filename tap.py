"""Entry of the `tap` stack: what the environment says becomes a stack, and it is synthesized.

Environment: ENVIRONMENT_SUFFIX, AWS_REGION, TERRAFORM_STATE_BUCKET, TERRAFORM_STATE_BUCKET_REGION,
OWNER, PURPOSE, LIFECYCLE (`PROTECTED` or `EPHEMERAL`); what is not set keeps the stack's default.
"""

from __future__ import annotations

from lib.tap_stack import TapStack
from revet.blueprints.tap.program import main

if __name__ == "__main__":
    main(TapStack)
