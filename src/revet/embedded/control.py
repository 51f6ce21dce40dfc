"""The daemon's own requests: health, inventory, faults, snapshot, stop.

They need the run id, which only the owner of the state directory can read, and they come in plain
HTTP to the port itself, not through the proxy.
"""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Callable, Mapping
from http import HTTPStatus

from revet.embedded.call import Answer, Json

PREFIX = "/_embedded/"
RUN_HEADER = "X-Revet-Run"

Action = Callable[[], Json]


class Control:
    """Answers `/_embedded/…`.

    Args:
        run_id: what a request must carry in `X-Revet-Run`.
        reads: name to function for GET.
        writes: name to function for POST.
    """

    def __init__(
        self, run_id: str, reads: Mapping[str, Action], writes: Mapping[str, Action]
    ) -> None:
        self._run_id = run_id
        self._actions = {"GET": reads, "POST": writes}

    def answer(self, method: str, target: str, headers: Mapping[str, str]) -> Answer:
        """Answer one request.

        Args:
            method: HTTP method.
            target: path and query.
            headers: of the request.
        """
        path = target.partition("?")[0]
        if not path.startswith(PREFIX):
            text = "this is revet's embedded AWS: use it as HTTPS_PROXY"
            return _json(HTTPStatus.NOT_FOUND, {"error": text})
        if not hmac.compare_digest((headers.get(RUN_HEADER) or "").encode(), self._run_id.encode()):
            return _json(HTTPStatus.FORBIDDEN, {"error": f"wrong or missing `{RUN_HEADER}`"})
        action = self._actions.get(method, {}).get(path.removeprefix(PREFIX))
        if action is None:
            return _json(HTTPStatus.NOT_FOUND, {"error": f"no {method} {path}"})
        try:
            return _json(HTTPStatus.OK, action())
        except Exception as error:  # noqa: BLE001 - told to the owner who asked
            text = f"{type(error).__name__}: {error}"
            return _json(HTTPStatus.INTERNAL_SERVER_ERROR, {"error": text, "pid": os.getpid()})


def _json(status: HTTPStatus, value: Json) -> Answer:
    return Answer(status, {"Content-Type": "application/json"}, json.dumps(value).encode())
