"""Who may do what: the place where a call is allowed or denied, before any service sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from revet.embedded.call import Call


@dataclass(frozen=True, slots=True)
class Denial:
    """A call that is refused.

    Args:
        message: what the caller reads: who, what, why.
        code: AWS error code; empty for the one of the call's protocol (`AccessDenied` or
            `AccessDeniedException`).
        modelled: false when the reason is that this embedded AWS cannot decide it.
        details: of a decision by policies: what was asked for, and what decided.
        objects: where a call is about several objects, each of which is decided by itself: key and
            version of those that are refused, with why. The rest of the call passes.
    """

    message: str
    code: str = ""
    modelled: bool = True
    details: Mapping[str, Any] = field(default_factory=dict)
    objects: Mapping[tuple[str, str], Denial] = field(default_factory=dict)


Authorizer = Callable[[Call], Denial | None]
"""`authorize(call)`: none lets the call pass; it runs under the state's lock."""


def allow_known(call: Call) -> Denial | None:
    """Let everybody pass whose signature was verified, and what AWS takes without one.

    What users and sessions may do is not decided here yet; who they are is, and is recorded.
    """
    if call.principal.kind in _KNOWN:
        return None
    what = f"{call.boto_service or call.host}:{call.operation or call.method}"
    return Denial(f"it is not known who asks for {what}", modelled=False)


_KNOWN = ("root", "user", "role", "federated", "anonymous")
