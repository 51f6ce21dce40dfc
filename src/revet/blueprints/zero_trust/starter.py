"""The zero-trust stack of this project: what of it can be chosen, and where to add to it.

Environment: ENVIRONMENT_SUFFIX, AWS_REGION (`region` of `revet.toml`), LIFECYCLE (`EPHEMERAL` in a
rehearsal, which destroys what it deploys).
"""

from __future__ import annotations

import os

from revet.blueprints.zero_trust import ZeroTrustStack
from revet.synth import new_app

ENVIRONMENT = os.environ.get("ENVIRONMENT_SUFFIX", "dev")
REGION = os.environ.get("AWS_REGION", "us-west-2")
LIFECYCLE = os.environ.get("LIFECYCLE", "PROTECTED")
STATE_ACCOUNT = "123456789012"  # change it before the first deployment: it holds the state


def main() -> None:
    """Synthesize the stack."""
    app = new_app()
    # To add to it, keep it: `stack = ZeroTrustStack(…)`, then the constructs of `revet.constructs`
    # or your own: `s3.Bucket(stack, "exports", key=stack.data_key)`. All of it is judged.
    ZeroTrustStack(
        app,
        "zero-trust",
        environment_suffix=ENVIRONMENT,
        aws_region=REGION,
        lifecycle=LIFECYCLE,
        state_bucket=f"terraform-states-{ENVIRONMENT}-{STATE_ACCOUNT}-{REGION}",
        state_bucket_region=REGION,
        # Yours to change:
        owner="unassigned",  # the tag `Owner`: who answers for it
        purpose="zero-trust",  # the tag `Purpose`
        default_tags={},  # more tags: {"CostCenter": "1234"}
        vpc_cidr="10.0.0.0/16",
        zones=2,  # or 3
        allowed_cidr_blocks=[],  # of the company's network, that reach the endpoints
        organization_id="",  # `o-…` lets the whole organization use the endpoints
        has_config_role=False,  # True where the account has AWS Config's service-linked role
    )
    app.synth()


if __name__ == "__main__":
    main()
