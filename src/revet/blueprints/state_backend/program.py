"""Entry of the blueprint: what the environment says becomes the stack, and it is synthesized.

Environment: ENVIRONMENT_SUFFIX, AWS_REGION, OWNER, PURPOSE, LIFECYCLE (`PROTECTED` or `EPHEMERAL`),
LOCK (`lockfile`, `dynamodb` or `both`); what is not set keeps the stack's default.
"""

from __future__ import annotations

import os

from revet.synth import new_app

_VARIABLES = {
    "ENVIRONMENT_SUFFIX": "environment_suffix",
    "AWS_REGION": "aws_region",
    "OWNER": "owner",
    "PURPOSE": "purpose",
    "LIFECYCLE": "lifecycle",
    "LOCK": "lock",
}


def main() -> None:
    """Synthesize the stack into `CDKTF_OUTDIR`, by default `cdktf.out`.

    Raises:
        ArgumentError: a variable holds what the stack does not allow.
    """
    app = new_app()
    from revet.blueprints.state_backend.stack import (  # noqa: PLC0415 - cdktn after its redirect
        StateBackendStack,
    )

    given = {
        argument: os.environ[variable]
        for variable, argument in _VARIABLES.items()
        if os.environ.get(variable)
    }
    StateBackendStack(app, "StateBackend", **given)
    app.synth()


if __name__ == "__main__":
    main()
