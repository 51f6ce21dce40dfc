"""A verified request in the form that moto's services read.

moto believes what a request says of its account (`x-moto-account-id`) and region (a word in
`User-Agent`). Neither comes through: both are set here to what the signature says.
"""

from __future__ import annotations

import re

from moto.core.request import Request

from revet.embedded.authentication import Asked, Authentic
from revet.embedded.call import CALL, ROOT, Call
from revet.embedded.credentials import RootKey

_OURS = "x-moto-"
_REGION_IN_AGENT = re.compile(r"region/", re.IGNORECASE)
_FORM = ("application/x-www-form-urlencoded", "multipart/form-data")
_LARGE = 1024 * 1024


def request_for(asked: Asked, known: Authentic) -> Request:
    """The request, not yet with its call.

    Args:
        asked: as it came.
        known: the same without the framing of signed chunks.
    """
    headers = {
        name: text for name, text in known.headers.items() if not name.lower().startswith(_OURS)
    }
    headers = {
        name: _REGION_IN_AGENT.sub("region-", text) if name.lower() == "user-agent" else text
        for name, text in headers.items()
        if name.lower() != "host"
    }
    kind = next((text for name, text in headers.items() if name.lower() == "content-type"), "")
    shared = len(known.body) > _LARGE and not kind.lower().startswith(_FORM)
    request: Request = Request.from_primitives(
        asked.method,
        f"https://{asked.host}{asked.target}",
        {**headers, "Host": asked.host},
        b"" if shared else known.body,
    )
    if shared:  # werkzeug would copy it twice
        request._cached_data = known.body  # noqa: SLF001 - where `get_data` keeps it
        request.environ["CONTENT_LENGTH"] = str(len(known.body))
    return request


def hand_over(request: Request, call: Call, known: Authentic, root: RootKey) -> None:
    """Give the request its call, account and credential scope.

    Args:
        request: as of `request_for`.
        call: what is called, its principal known.
        known: what it was signed with.
        root: the deploying credentials.
    """
    principal = call.principal
    request.environ[CALL], request.environ[ROOT] = call, root
    request.environ["HTTP_X_MOTO_ACCOUNT_ID"] = principal.account
    signed = known.signed
    scope = signed.scope if signed else f"20000101/{call.region}/anonymous/aws4_request"
    request.environ["HTTP_AUTHORIZATION"] = (
        f"AWS4-HMAC-SHA256 Credential={principal.access_key or 'ANONYMOUS'}/{scope}, "
        f"SignedHeaders=host, Signature={'0' * 64}"
    )
