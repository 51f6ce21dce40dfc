"""STS: who asks, and temporary credentials that hold.

moto hands out fixed or invented keys, lets everybody assume every role, also one that does not
exist, and takes whom it does not know for an invented user. Here the decisions are made by
`sessions` and `web_identity`; what moto has besides is not reached.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.models import AccessKey
from moto.sts.models import STSBackend
from moto.sts.responses import TokenResponse

from revet.embedded.call import CALL, ROOT, Call, Moto, Session
from revet.embedded.credentials import (
    RootKey,
    find_credentials,
    find_made,
    new_key,
    partition_of,
)
from revet.embedded.patching import replace
from revet.embedded.routes import OWN_PATHS
from revet.embedded.sessions import assume_role, get_federation_token, get_session_token
from revet.embedded.web_identity import assume_role_with_web_identity
from revet.embedded.wire_error import NOT_IMPLEMENTED, AwsError

Identity = tuple[str, str, str]


def install() -> None:
    """Put the changes in place."""
    OWN_PATHS["sts"] = [(re.compile(""), Sts.dispatch)]
    replace(STSBackend, "get_caller_identity", lambda _: _get_caller_identity)
    replace(AccessKey, "__init__", _make_key)


def _make_key(original: Callable[..., None]) -> Callable[..., None]:
    """Keys of users from the system's source of randomness, not from moto's, which has a seed."""

    def __init__(self: Moto, *args: Moto, **kwargs: Moto) -> None:  # noqa: N807 - moto's constructor
        original(self, *args, **kwargs)
        prefix = str(self.access_key_id)[:4]
        self.access_key_id, self.secret_access_key = new_key(prefix)

    return __init__


def _get_caller_identity(self: STSBackend, access_key_id: str, region: str) -> Identity:
    """For the services of moto that ask; whoever has no key of his own is the deployer."""
    found = find_made(access_key_id)
    if found is None:
        arn = f"arn:{partition_of(region)}:iam::{self.account_id}:root"
        return self.account_id, arn, self.account_id
    principal = found.principal
    return principal.principal_id, principal.arn, principal.account


class Sts(TokenResponse):
    """The operations that are modelled, one method each."""

    _call: Call
    _root: RootKey

    def setup_class(self, request: Moto, *args: Moto, **kwargs: Moto) -> None:
        """As moto's, with the call at hand."""
        self._call = request.environ[CALL]
        self._root = request.environ[ROOT]
        super().setup_class(request, *args, **kwargs)

    def get_caller_identity(self) -> ActionResult:
        """Say who asks."""
        who = self._call.principal
        return ActionResult({"UserId": who.principal_id, "Account": who.account, "Arn": who.arn})

    def get_access_key_info(self) -> ActionResult:
        """Say which account a key belongs to."""
        key = str(self._call.parameters["AccessKeyId"])
        found = find_credentials(key, self._root, self.region)
        if found is None:
            raise AwsError("ValidationError", f"Invalid Access Key ID {key}")
        return ActionResult({"Account": found.principal.account})

    def assume_role(self) -> ActionResult:
        """Hand out a session of a role."""
        session = assume_role(self._call, _now())
        return ActionResult(_assumed(session))

    def assume_role_with_web_identity(self) -> ActionResult:
        """Hand out a session of a role to whom an identity provider knows."""
        session, claims = assume_role_with_web_identity(self._call, self._root, _now())
        audience = claims.get("aud")
        return ActionResult(
            {
                **_assumed(session),
                "SubjectFromWebIdentityToken": str(claims.get("sub", "")),
                "Provider": session.provider,
                "Audience": str(audience[0] if isinstance(audience, list) else audience),
            }
        )

    def assume_role_with_saml(self) -> ActionResult:
        """Say that no assertion can be verified."""
        raise AwsError(
            NOT_IMPLEMENTED,
            "the embedded AWS does not model AssumeRoleWithSAML: nothing here can verify the "
            "signature of a SAML assertion",
        )

    def get_session_token(self) -> ActionResult:
        """Hand out a session of the user that asks."""
        session = get_session_token(self._call, _now())
        return ActionResult({"Credentials": _credentials(session)})

    def get_federation_token(self) -> ActionResult:
        """Hand out a session of a federated user."""
        session = get_federation_token(self._call, _now())
        user = {"FederatedUserId": session.principal_id, "Arn": session.arn}
        return ActionResult(
            {
                "Credentials": _credentials(session),
                "FederatedUser": user,
                "PackedPolicySize": _packed(session),
            }
        )


def _assumed(session: Session) -> dict[str, Any]:
    return {
        "Credentials": _credentials(session),
        "AssumedRoleUser": {"AssumedRoleId": session.principal_id, "Arn": session.arn},
        "PackedPolicySize": _packed(session),
        **({"SourceIdentity": session.source_identity} if session.source_identity else {}),
    }


def _credentials(session: Session) -> dict[str, Any]:
    return {
        "AccessKeyId": session.access_key,
        "SecretAccessKey": session.secret,
        "SessionToken": session.token,
        "Expiration": dt.datetime.fromtimestamp(session.expires, dt.UTC),
    }


def _packed(session: Session) -> int:
    """Per cent of what policies and tags may take; AWS packs them in a way of its own."""
    size = sum(map(len, session.policies)) + sum(
        len(key) + len(text) for key, text in session.tags.items()
    )
    return min(100, -(-size * 100 // 4096))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
