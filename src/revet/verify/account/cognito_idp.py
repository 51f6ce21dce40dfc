"""Amazon Cognito: the tags of user pools.

Source: Amazon Cognito user pools API Reference, `UserPoolType`.
"""

from __future__ import annotations

from revet.verify.readers import Draft, tagged


def aws_cognito_user_pool(one: Draft) -> None:
    """Its tags, which the answer may leave out where there are none."""
    one.values |= tagged(one.said.get("UserPoolTags", {}))
