"""Methods for which IAM decides: the request is signed, and its sender may.

Source: Amazon API Gateway Developer Guide, "Control access to a REST API with IAM permissions",
"Gateway response types for API Gateway" (`MISSING_AUTHENTICATION_TOKEN`, `INVALID_SIGNATURE`,
`EXPIRED_TOKEN`).
"""

from __future__ import annotations

from revet.embedded.authentication import Asked, Authentic, Authenticator
from revet.embedded.body import MalformedBodyError, TooLargeError
from revet.embedded.execute_api.policy import require_iam
from revet.embedded.execute_api.refused import RefusedError
from revet.embedded.execute_api.requests import Exchange
from revet.embedded.refusals import Refusal

_SERVICE = "execute-api"


def require_signed(exchange: Exchange, asked: Asked, authenticator: Authenticator) -> None:
    """Go on when a request is signed by somebody who may make it.

    Args:
        exchange: the request on its way; gets the sender's identity.
        asked: the same as it came.
        authenticator: verifies signatures.

    Raises:
        RefusedError: it is not signed, the signature is not right, or its sender may not.
        NotRunError: it cannot be told.
    """
    known = _authentic(asked, authenticator)
    if known.signed is None:
        raise RefusedError("MISSING_AUTHENTICATION_TOKEN")
    if known.signed.service != _SERVICE:
        raise RefusedError(
            "INVALID_SIGNATURE", f"Credential should be scoped to correct service: '{_SERVICE}'."
        )
    principal = known.principal
    exchange.identity |= {
        "accessKey": principal.access_key,
        "accountId": principal.account,
        "caller": principal.principal_id,
        "user": principal.principal_id,
        "userArn": principal.arn,
    }
    require_iam(exchange, principal)


def _authentic(asked: Asked, authenticator: Authenticator) -> Authentic:
    try:
        return authenticator.authenticate(asked)
    except Refusal as refusal:
        kind = "EXPIRED_TOKEN" if refusal.kind == "expired token" else "INVALID_SIGNATURE"
        raise RefusedError(kind, refusal.message) from refusal
    except (MalformedBodyError, TooLargeError) as error:
        raise RefusedError("INVALID_SIGNATURE", str(error)) from error
