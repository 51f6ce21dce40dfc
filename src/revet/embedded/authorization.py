"""Who may do what: the place where a call is allowed or denied, before any service sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from revet.embedded.call import Call


@dataclass(frozen=True, slots=True)
class Denial:
    """A call that is refused.

    Args:
        message: what the caller reads: who, what, why.
        code: AWS error code; empty for the one of the call's protocol (`AccessDenied` or
            `AccessDeniedException`).
        modelled: false when the reason is that this embedded AWS cannot decide it.
    """

    message: str
    code: str = ""
    modelled: bool = True


Authorizer = Callable[[Call], Denial | None]
"""`authorize(call)`: none lets the call pass; it runs under the state's lock."""


def allow_root(call: Call) -> Denial | None:
    """Let the deploying credentials do everything, and nobody else anything.

    Nothing passes by default: what cannot be decided is denied, and the message says so.
    """
    principal = call.principal
    if principal.kind == "root":
        return None
    who = (
        "an anonymous caller"
        if principal.kind == "anonymous"
        else f"the access key `{principal.access_key}`"
    )
    what = f"{call.boto_service or call.host}:{call.operation or call.method}"
    return Denial(
        f"{who} may not call {what} on the embedded AWS: authorization of other principals than "
        "the deploying credentials is not modelled yet",
        modelled=False,
    )
