"""What is executed is what was identified, authorized and recorded.

moto reads the operation of a request once more, from wherever it finds a name first: the query, the
body, a header. A request that says two things is refused before it does either.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from moto.core import responses
from moto.core.responses import BaseResponse

from revet.embedded.call import CALL, Call, Moto
from revet.embedded.patching import replace


def install() -> None:
    """Put the check in place; what moto looks up for every call is looked up once instead."""
    replace(BaseResponse, "call_action", _call_action)
    found: dict[str, Moto] = vars(responses)
    found["method_names_from_class"] = functools.cache(found["method_names_from_class"])


def _call_action(original: Callable[[Moto], Moto]) -> Callable[[Moto], Moto]:
    def call_action(self: Moto) -> Moto:
        call: Call | None = self.normalized_request.environ.get(CALL)
        asked = self._get_action() if call is not None else ""
        if call is not None and asked != call.operation:
            raise NotImplementedError(f"it also reads as `{asked}`")
        return original(self)

    return call_action
