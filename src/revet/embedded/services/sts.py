"""STS: the deploying credentials are the account's root user.

moto answers GetCallerIdentity for keys that it does not know with an invented IAM user. (STS API
Reference, GetCallerIdentity: for the root user, UserId is the account id.)
"""

from __future__ import annotations

from collections.abc import Callable

from moto.sts.models import STSBackend
from moto.utilities.utils import get_partition

from revet.embedded.daemon import ACCESS_KEY
from revet.embedded.patching import replace

Identity = tuple[str, str, str]


def install() -> None:
    """Put the change in place."""
    replace(STSBackend, "get_caller_identity", _get_caller_identity)


def _get_caller_identity(original: Callable[..., Identity]) -> Callable[..., Identity]:
    def get_caller_identity(self: STSBackend, access_key_id: str, region: str) -> Identity:
        if access_key_id != ACCESS_KEY:
            return original(self, access_key_id, region)
        account = self.account_id
        return account, f"arn:{get_partition(region)}:iam::{account}:root", account

    return get_caller_identity
