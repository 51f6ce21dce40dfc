"""AssumeRoleWithWebIdentity: tokens of an identity provider, for which this run itself must sign.

Nothing is reached from here, so the real provider's keys are not known, and a token that nobody
verified would let anybody in. A token is taken when it is signed with HMAC-SHA-256 (`HS256`) by the
secret access key of this run: whoever knows that key may play every identity provider.

Sources: AWS STS API Reference, AssumeRoleWithWebIdentity; IAM User Guide, "Available keys for AWS
OIDC federation"; RFC 7515 and 7519.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import json
from typing import Any

from revet.embedded.call import Call, Moto, Session
from revet.embedded.credentials import RootKey, iam_backend
from revet.embedded.policies import context_of
from revet.embedded.session_requests import Asked, asked_context, read_asked
from revet.embedded.sessions import check_duration, duration, make_role_session, require_allowed
from revet.embedded.wire_error import AwsError
from revet.iam.document import parse_policy
from revet.iam.evaluate import Policies, Request
from revet.model.errors import RevetError

_PARTS = 3
_TAGS = "https://aws.amazon.com/tags"
_SKEW = 300


def assume_role_with_web_identity(
    call: Call, root: RootKey, now: dt.datetime
) -> tuple[Session, dict[str, Any]]:
    """Decide the operation, and make the session.

    Args:
        call: the request; nobody signed it.
        root: the deploying credentials, which sign tokens.
        now: the current moment.

    Returns:
        The session, and the token's claims.

    Raises:
        AwsError: it is refused.
    """
    asked = read_asked(_without_tags(call.parameters), None)
    seconds = duration(call.parameters)
    claims = _claims(str(call.parameters.get("WebIdentityToken") or ""), root, now)
    denied = AwsError(
        "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", 403
    )
    role: Moto = asked.role
    if role is None:
        raise denied
    issuer = str(claims.get("iss", "")).removeprefix("https://").rstrip("/")
    arn = f"arn:{role.partition}:iam::{role.account_id}:oidc-provider/{issuer}"
    _check_audience(_provider(role, arn), claims)
    asked = _tagged(asked, claims)
    context = {
        **context_of(call, now),
        **asked_context(asked),
        "aws:FederatedProvider": arn,
        **{f"{issuer}:{name}": _plain(item) for name, item in claims.items() if _is_plain(item)},
    }
    try:
        policies = Policies(resource=parse_policy(role.assume_role_policy_document))
    except RevetError as error:
        raise denied from error
    for action in ["AssumeRoleWithWebIdentity", *asked.actions]:
        request = Request(
            arn, f"sts:{action}", asked.role_arn, context, resource_account=role.account_id
        )
        require_allowed(request, policies, denied)
    check_duration(role, seconds, chained=False)
    return make_role_session(asked, seconds, now, provider=arn), claims


def _claims(token: str, root: RootKey, now: dt.datetime) -> dict[str, Any]:
    invalid = AwsError("InvalidIdentityToken", "The web identity token is not valid", 400)
    head, _, mark = token.rpartition(".")
    try:
        header, claims = (json.loads(_decoded(part)) for part in head.split("."))
        given = _decoded(mark)
    except (ValueError, binascii.Error, UnicodeError) as error:
        raise invalid from error
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise invalid
    if header.get("alg") != "HS256" or not hmac.compare_digest(given, _mark(head, root.secret)):
        raise AwsError(
            "InvalidIdentityToken",
            "Couldn't verify the token's signature: the embedded AWS takes tokens that are signed "
            "(HS256) with the secret access key of its deploying credentials, and no others",
        )
    moment = now.timestamp()
    expires = claims.get("exp")
    if not isinstance(expires, int | float) or isinstance(expires, bool):
        raise invalid
    if expires <= moment:
        raise AwsError("ExpiredTokenException", "Token expired", 400)
    for name in ("nbf", "iat"):
        since = claims.get(name, 0)
        if not isinstance(since, int | float) or since > moment + _SKEW:
            raise invalid
    return claims


def _provider(role: Moto, arn: str) -> Moto:
    backend = iam_backend(str(role.account_id), str(role.partition))
    found = backend.open_id_providers.get(arn) if backend is not None else None
    if found is None:
        raise AwsError(
            "InvalidIdentityToken",
            "No OpenIDConnect provider found in your account for "
            f"https://{arn.partition('oidc-provider/')[2]}",
        )
    return found


def _check_audience(provider: Moto, claims: dict[str, Any]) -> None:
    audience = claims.get("azp") or claims.get("aud")
    given = audience if isinstance(audience, list) else [audience]
    if not set(map(str, given)) & set(provider.client_id_list or ()):
        raise AwsError("InvalidIdentityToken", "Incorrect token audience")


def _tagged(asked: Asked, claims: dict[str, Any]) -> Asked:
    """What was asked for, with the session tags that the token carries."""
    carried = claims.get(_TAGS)
    if not isinstance(carried, dict):
        return asked
    principal_tags = carried.get("principal_tags") or {}
    tags = [
        {"Key": key, "Value": value[0] if isinstance(value, list) and value else value}
        for key, value in principal_tags.items()
    ]
    return read_asked(
        {
            "RoleArn": asked.role_arn,
            "RoleSessionName": asked.name,
            "Policy": asked.policies[0] if asked.policies else None,
            "Tags": tags,
            "TransitiveTagKeys": carried.get("transitive_tag_keys") or (),
        },
        None,
    )


def _without_tags(parameters: Any) -> dict[str, Any]:  # noqa: ANN401 - a mapping of botocore's
    return {name: item for name, item in parameters.items() if name != "Tags"}


def _is_plain(value: object) -> bool:
    items = value if isinstance(value, list) else [value]
    return all(isinstance(item, str | int | float | bool) for item in items)


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    return value if isinstance(value, list) else str(value) if isinstance(value, int) else value


def _mark(head: str, secret: str) -> bytes:
    return hmac.new(secret.encode(), head.encode(), hashlib.sha256).digest()


def _decoded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
