"""Answers to calls that an SDK sends again: it did not get the first one, which has taken effect.

Source: AWS SDKs and Tools Reference Guide, "Retry behavior": the attempts of one call carry the
same `amz-sdk-invocation-id`, and `amz-sdk-request` counts them.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping

from revet.embedded.call import Answer

_MOST = 256
_ATTEMPT = re.compile(r"(?:^|;)\s*attempt=(\d+)")


class Repeats:
    """Remembers the last answers; not safe for several threads."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, ...], Answer] = OrderedDict()

    def find(self, key: tuple[str, ...] | None, headers: Mapping[str, str]) -> Answer | None:
        """The answer that an earlier attempt of a call got.

        Args:
            key: of the call, as `key_of` gives it.
            headers: of the request.
        """
        attempt = _ATTEMPT.search(headers.get("Amz-Sdk-Request") or "")
        if key is None or attempt is None or int(attempt[1]) <= 1:
            return None
        return self._known.get(key)

    def keep(self, key: tuple[str, ...] | None, answer: Answer) -> None:
        """Remember an answer.

        Args:
            key: of the call, as `key_of` gives it.
            answer: to it.
        """
        if key is None:
            return
        self._known[key] = answer
        while len(self._known) > _MOST:
            self._known.popitem(last=False)


def key_of(headers: Mapping[str, str], *parts: str) -> tuple[str, ...] | None:
    """What the attempts of one call share; none for a client that does not say it.

    Args:
        headers: of the request, looked up without regard to case.
        parts: who calls, and what.
    """
    invocation = headers.get("Amz-Sdk-Invocation-Id") or ""
    return (invocation, *parts) if invocation else None
