"""Amazon Cognito: user pools and their tags, without users.

moto's service lacks tags, and needs a package that moto does not ask for. What people do in a pool
(sign up, sign in) is not modelled, and says so. (Amazon Cognito user pools API Reference,
`CreateUserPool`, `UserPoolType`.)
"""

from __future__ import annotations

import datetime as dt
import json
import re
import secrets
from typing import Any

from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.exceptions import JsonRESTError
from moto.core.responses import BaseResponse

from revet.embedded.routes import OWN_HOSTS

_HOST = re.compile(r"^cognito-idp\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$")
_NAMED = {"PoolName": "Name"}
_TAGS = "UserPoolTags"
_PASSWORDS = {
    "MinimumLength": 8,
    "RequireLowercase": True,
    "RequireNumbers": True,
    "RequireSymbols": True,
    "RequireUppercase": True,
    "TemporaryPasswordValidityDays": 7,
}
# What a pool has that nobody asked for otherwise.
_DEFAULTS: dict[str, Any] = {
    "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False, "UnusedAccountValidityDays": 7},
    "DeletionProtection": "INACTIVE",
    "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
    "LambdaConfig": {},
    "MfaConfiguration": "OFF",
    "Policies": {"PasswordPolicy": _PASSWORDS},
    "UserPoolTier": "ESSENTIALS",
    "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_CODE"},
}
_SHORT = ("Id", "Name", "LambdaConfig", "LastModifiedDate", "CreationDate")


def install() -> None:
    """Put the service in place."""
    OWN_HOSTS.append((_HOST, "cognito-idp", UserPoolsResponse.dispatch))


class UserPoolsBackend(BaseBackend):
    """State of one account and region."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.user_pools: dict[str, dict[str, Any]] = {}

    def pool(self, name: str) -> dict[str, Any]:
        """One user pool, by its id or ARN.

        Raises:
            JsonRESTError: there is none.
        """
        id_ = name.rpartition("/")[2]
        if id_ not in self.user_pools:
            message = f"User pool {id_} does not exist."
            raise JsonRESTError("ResourceNotFoundException", message)
        return self.user_pools[id_]


user_pools_backends = BackendDict(UserPoolsBackend, "cognito-idp")


class UserPoolsResponse(BaseResponse):
    """The service's operations, one method each."""

    def __init__(self) -> None:
        super().__init__(service_name="cognito-idp")

    @property
    def backend(self) -> UserPoolsBackend:
        """State that the request is for."""
        return user_pools_backends[self.current_account][self.region]

    @property
    def asked(self) -> dict[str, Any]:
        """Body of the request."""
        body: dict[str, Any] = json.loads(self.body)
        return body

    def create_user_pool(self) -> str:
        """Create a pool."""
        asked = {_NAMED.get(name, name): value for name, value in self.asked.items()}
        region, account, now = self.region, self.current_account, _now()
        id_ = f"{region}_{secrets.token_hex(5)}"
        pool = {
            **_DEFAULTS,
            **asked,
            "Id": id_,
            "Arn": f"arn:{self.backend.partition}:cognito-idp:{region}:{account}:userpool/{id_}",
            "CreationDate": now,
            "LastModifiedDate": now,
            "EstimatedNumberOfUsers": 0,
        }
        self.backend.user_pools[id_] = pool
        return json.dumps({"UserPool": pool})

    def describe_user_pool(self) -> str:
        """Show a pool."""
        return json.dumps({"UserPool": self._pool()})

    def list_user_pools(self) -> str:
        """Show the pools, as many as are asked for at a time."""
        pools = list(self.backend.user_pools.values())
        start = int(self.asked.get("NextToken") or 0)
        end = start + int(self.asked["MaxResults"])
        shown = [{name: pool[name] for name in _SHORT} for pool in pools[start:end]]
        more = {"NextToken": str(end)} if end < len(pools) else {}
        return json.dumps({"UserPools": shown, **more})

    def update_user_pool(self) -> str:
        """Change a pool: what is not asked for becomes the default again."""
        pool, asked = self._pool(), self.asked
        kept = ("Name", "Id", "Arn", "CreationDate", "EstimatedNumberOfUsers", _TAGS)
        own = {name: pool[name] for name in kept if name in pool}
        changed = {name: value for name, value in asked.items() if name != "UserPoolId"}
        changed = {_NAMED.get(name, name): value for name, value in changed.items()}
        pool.clear()
        pool.update({**_DEFAULTS, **own, **changed, "LastModifiedDate": _now()})
        return "{}"

    def delete_user_pool(self) -> str:
        """Delete a pool, unless it is protected."""
        pool = self._pool()
        if pool["DeletionProtection"] == "ACTIVE":
            message = (
                "The user pool cannot be deleted because deletion protection is activated. "
                "Deletion protection must be inactivated first."
            )
            raise JsonRESTError("InvalidParameterException", message)
        del self.backend.user_pools[pool["Id"]]
        return "{}"

    def get_user_pool_mfa_config(self) -> str:
        """Whether the pool asks for a second factor."""
        return json.dumps({"MfaConfiguration": self._pool()["MfaConfiguration"]})

    def list_tags_for_resource(self) -> str:
        """Tags of a pool."""
        return json.dumps({"Tags": self._tags()})

    def tag_resource(self) -> str:
        """Add tags, or change them."""
        self._tags().update(self.asked["Tags"])
        return "{}"

    def untag_resource(self) -> str:
        """Take tags away."""
        for key in self.asked["TagKeys"]:
            self._tags().pop(key, None)
        return "{}"

    def _pool(self) -> dict[str, Any]:
        return self.backend.pool(self.asked["UserPoolId"])

    def _tags(self) -> dict[str, str]:
        tags: dict[str, str] = self.backend.pool(self.asked["ResourceArn"]).setdefault(_TAGS, {})
        return tags


def _now() -> float:
    return dt.datetime.now(dt.UTC).timestamp()
