"""The trading platform of this project: what of it can be chosen, and where to add to it.

Environment: ENVIRONMENT_SUFFIX, AWS_REGION (`region` of `revet.toml`), LIFECYCLE (`EPHEMERAL` in a
rehearsal, which destroys what it deploys).
"""

from __future__ import annotations

import os

from revet.blueprints.trading_platform import TradingPlatformStack
from revet.synth import new_app

ENVIRONMENT = os.environ.get("ENVIRONMENT_SUFFIX", "dev")
REGION = os.environ.get("AWS_REGION", "us-east-1")
LIFECYCLE = os.environ.get("LIFECYCLE", "PROTECTED")
STATE_ACCOUNT = "123456789012"  # change it before the first deployment: it holds the state


def main() -> None:
    """Synthesize the stack."""
    app = new_app()
    # To add to it, keep it: `stack = TradingPlatformStack(…)`, then the constructs of
    # `revet.constructs` or your own: `s3.Bucket(stack, "exports", key=stack.s3_key)`. All of it is
    # judged.
    TradingPlatformStack(
        app,
        "trading-platform",
        environment_suffix=ENVIRONMENT,
        aws_region=REGION,
        lifecycle=LIFECYCLE,
        state_bucket=f"terraform-states-{ENVIRONMENT}-{STATE_ACCOUNT}-{REGION}",
        state_bucket_region=REGION,
        # Yours to change:
        cost_center="unassigned",  # the tag `CostCenter`: who pays for it
        data_classification="restricted",  # or cardholder-data, confidential, internal
        default_tags={},  # more tags: {"Team": "markets"}
        allowed_origin="https://trading.example.com",  # whose pages call the API from a browser
        domain_name="",  # `api.example.com` takes TLS 1.2 alone; with it a certificate of ACM
        certificate_arn="",
        has_config_role=False,  # True where the account has AWS Config's service-linked role
    )
    app.synth()


if __name__ == "__main__":
    main()
