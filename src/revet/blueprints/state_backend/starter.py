"""The bucket of states of this project: what of it can be chosen, and where to add to it.

Environment: ENVIRONMENT_SUFFIX, AWS_REGION (`region` of `revet.toml`), LIFECYCLE (`EPHEMERAL` in a
rehearsal, which destroys what it deploys).
"""

from __future__ import annotations

import os

from revet.blueprints.state_backend import StateBackendStack
from revet.synth import new_app

ENVIRONMENT = os.environ.get("ENVIRONMENT_SUFFIX", "dev")
REGION = os.environ.get("AWS_REGION", "us-west-2")
LIFECYCLE = os.environ.get("LIFECYCLE", "PROTECTED")


def main() -> None:
    """Synthesize the stack."""
    app = new_app()
    # To add to it, keep it: `stack = StateBackendStack(…)`, then the constructs of
    # `revet.constructs` or your own: `s3.Bucket(stack, "exports", key=stack.key)`. All of it is
    # judged.
    StateBackendStack(
        app,
        "state-backend",
        environment_suffix=ENVIRONMENT,
        aws_region=REGION,
        lifecycle=LIFECYCLE,
        # Yours to change:
        owner="unassigned",  # the tag `Owner`: who answers for it
        purpose="terraform-state",  # the tag `Purpose`
        lock="lockfile",  # `dynamodb` or `both` make a table of locks too
    )
    app.synth()


if __name__ == "__main__":
    main()
