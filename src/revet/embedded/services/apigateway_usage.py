"""API Gateway: the stages of a usage plan, and the limits that it has for some of their methods.

As an item of a list, a stage that has limits of its own would not be found again, and a path that
goes on to these limits would name a stage that does not exist. (API Gateway API reference,
`PatchOperation`, UpdateUsagePlan: `/apiStages`, `/apiStages/{api:stage}/throttle/{path}/…`.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from revet.embedded.call import CALL, Call, Moto
from revet.embedded.patch_operations import unescape
from revet.embedded.routes import OWN_OPERATIONS
from revet.embedded.services.apigateway import stand_in_for_validator
from revet.embedded.wire_error import AwsError

_OPERATION = ("apigateway", "UpdateUsagePlan")
_LIMITS = {"rateLimit": float, "burstLimit": int}
_OF_LIMIT = 4
"""Parts of a path to one limit: the stage, `throttle`, the method, the limit."""


def install() -> None:
    """Put the change in place, after that of `apigateway`."""
    stand_in_for_validator()
    others = OWN_OPERATIONS[_OPERATION]

    def update(request: Moto, url: str, headers: Moto) -> Moto:
        from moto.apigateway.models import apigateway_backends  # noqa: PLC0415 - after the stand-in

        call: Call = request.environ[CALL]
        backend = apigateway_backends[call.principal.account][call.region]
        plan = backend.usage_plans.get(call.parameters["usagePlanId"])
        left = []
        for operation in call.parameters.get("patchOperations") or ():
            if plan is None or not operation["path"].startswith("/apiStages"):
                left.append(operation)
            else:
                _patch(plan, operation)
        parameters = {**call.parameters, "patchOperations": left}
        request.environ[CALL] = replace(call, parameters=parameters)
        return others(request, url, headers)

    OWN_OPERATIONS[_OPERATION] = update


def _patch(plan: Moto, operation: Mapping[str, str]) -> None:
    _, _, *rest = (unescape(part) for part in operation["path"].split("/"))
    named = rest[0] if rest else operation.get("value", "")
    api, _, stage = named.partition(":")
    wanted = {"apiId": api, "stage": stage}
    found = next((one for one in plan.api_stages if wanted.items() <= one.items()), None)
    if len(rest) > 1:
        if found is None:
            raise AwsError("NotFoundException", "Invalid API stage specified", 404)
        _limit(found, operation, rest)
    elif operation["op"] == "add" and found is None:
        plan.api_stages = [*plan.api_stages, wanted]
    elif operation["op"] == "remove":
        plan.api_stages = [one for one in plan.api_stages if one is not found]
    elif operation["op"] != "add":
        raise NotImplementedError(f"`{operation['op']}` of `{operation['path']}`")


def _limit(stage: dict[str, Any], operation: Mapping[str, str], rest: list[str]) -> None:
    """Set or take away one limit of a method, all of a method, or all of the stage."""
    throttle = dict(stage.get("throttle") or {})
    if rest[1] != "throttle" or len(rest) > _OF_LIMIT:
        raise NotImplementedError(f"`{operation['op']}` of `{operation['path']}`")
    if operation["op"] == "remove":
        kept = {name: one for name, one in throttle.items() if len(rest) > 2 and name != rest[2]}  # noqa: PLR2004 - of one method
        stage["throttle"] = kept
        return
    if len(rest) < _OF_LIMIT or rest[3] not in _LIMITS:
        raise NotImplementedError(f"`{operation['op']}` of `{operation['path']}`")
    throttle[rest[2]] = {**throttle.get(rest[2], {}), rest[3]: _LIMITS[rest[3]](operation["value"])}
    stage["throttle"] = throttle
