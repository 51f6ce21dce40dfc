"""Entry of the blueprint: what the environment says becomes the stack, and it is synthesized.

Environment: ENVIRONMENT_SUFFIX, AWS_REGION, TERRAFORM_STATE_BUCKET, TERRAFORM_STATE_BUCKET_REGION,
COST_CENTER, DATA_CLASSIFICATION, ALLOWED_ORIGIN, DOMAIN_NAME, CERTIFICATE_ARN, LIFECYCLE
(`PROTECTED` or `EPHEMERAL`); what is not set keeps the stack's default.
"""

from __future__ import annotations

import os
from typing import Any

from revet.synth import new_app

_VARIABLES = {
    "ENVIRONMENT_SUFFIX": ("environment_suffix", "dev"),
    "AWS_REGION": ("aws_region", "us-east-1"),
    "TERRAFORM_STATE_BUCKET": ("state_bucket", "iac-rlhf-tf-states"),
    "TERRAFORM_STATE_BUCKET_REGION": ("state_bucket_region", "us-east-1"),
    "COST_CENTER": ("cost_center", "unassigned"),
    "DATA_CLASSIFICATION": ("data_classification", "restricted"),
    "ALLOWED_ORIGIN": ("allowed_origin", "https://trading.example.com"),
    "DOMAIN_NAME": ("domain_name", ""),
    "CERTIFICATE_ARN": ("certificate_arn", ""),
    "LIFECYCLE": ("lifecycle", "PROTECTED"),
}


def main() -> None:
    """Synthesize the stack into `CDKTF_OUTDIR`, by default `cdktf.out`.

    Raises:
        ArgumentError: a variable holds what the stack does not allow.
    """
    app = new_app()
    from revet.blueprints.trading_platform.stack import (  # noqa: PLC0415 - cdktn after its redirect
        TradingPlatformStack,
    )

    given: dict[str, Any] = {
        argument: os.environ.get(variable) or default
        for variable, (argument, default) in _VARIABLES.items()
    }
    TradingPlatformStack(app, "TradingPlatformStack", **given)
    app.synth()


if __name__ == "__main__":
    main()
