"""The `tap` stack of this repository."""

from __future__ import annotations

from typing import Any

from constructs import Construct

from revet.blueprints.tap import SecureApplicationStack


class TapStack(SecureApplicationStack):
    """The secure application stack (TAP-01): a `cdktn.TerraformStack` with the required signature.

    Args:
        scope: the app.
        construct_id: id of the stack; the state's key ends in it.
        environment_suffix: end of every name, 1 to 20 of a-z, 0-9 and inner hyphens.
        aws_region: region of the stack.
        state_bucket: bucket that holds the state.
        state_bucket_region: its region.
        default_tags: more tags for everything, flat or as `{"tags": {…}}`.
        **kwargs: `lifecycle`, `owner`, `purpose`, `allowed_ip_ranges`, `vpc_cidr`, `lock`, as
            `SecureApplicationStack` describes them.

    Raises:
        ArgumentError: an unknown keyword, or an argument that is not allowed.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        environment_suffix: str = "dev",
        aws_region: str = "us-west-2",
        state_bucket: str = "iac-rlhf-tf-states",
        state_bucket_region: str = "us-west-2",
        default_tags: dict[str, Any] | None = None,
        **kwargs: Any,  # noqa: ANN401 - the required signature; each keyword is checked below
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            environment_suffix=environment_suffix,
            aws_region=aws_region,
            state_bucket=state_bucket,
            state_bucket_region=state_bucket_region,
            default_tags=default_tags,
            **kwargs,
        )
