"""Lambda: the URLs of a function, which moto answers one by one alone.

Source: Lambda API reference, ListFunctionUrlConfigs.
"""

from __future__ import annotations

import json

from moto.awslambda.models import lambda_backends

from revet.embedded.call import CALL, Call, Moto
from revet.embedded.routes import OWN_OPERATIONS

_JSON = {"Content-Type": "application/json"}


def install() -> None:
    """Put the operation in place."""
    OWN_OPERATIONS["lambda", "ListFunctionUrlConfigs"] = _urls


def _urls(request: Moto, _url: str, _headers: Moto) -> tuple[int, dict[str, str], str]:
    call: Call = request.environ[CALL]
    backend = lambda_backends[call.principal.account][call.region]
    function = backend.get_function(str(call.parameters["FunctionName"]))
    found = function.url_config
    return 200, _JSON, json.dumps({"FunctionUrlConfigs": [found.to_dict()] if found else []})
