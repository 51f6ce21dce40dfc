"""Organizations: no roles in accounts that do not exist.

moto makes a member account for the management account, with a role in an account of another id,
before it gives it its own id; and it leaves the role of a closed account behind. (AWS Organizations
User Guide, "Accessing member accounts": the management account has no such role; "Closing a member
account": its resources end with it.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.iam.models import iam_backends
from moto.organizations.models import OrganizationsBackend

from revet.embedded.call import Moto
from revet.embedded.patching import replace


def install() -> None:
    """Put the changes in place."""
    replace(OrganizationsBackend, "create_organization", _create)
    replace(OrganizationsBackend, "close_account", _close)


def _create(original: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def create_organization(self: Moto, region: str, **asked: Moto) -> dict[str, Any]:
        before = set(dict.keys(iam_backends))
        made = original(self, region, **asked)
        for account in set(dict.keys(iam_backends)) - before - {self.account_id}:
            dict.pop(iam_backends, account)
        return made

    return create_organization


def _close(original: Callable[..., None]) -> Callable[..., None]:
    def close_account(self: Moto, **asked: Moto) -> None:
        original(self, **asked)
        dict.pop(iam_backends, asked["AccountId"], None)

    return close_account
