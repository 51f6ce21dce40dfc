"""API keys, plans, rates and quotas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from tests.embedded.execute_api.conftest import Api

from revet.embedded.execute_api.limits import Limits, count_in_quota, require_rate
from revet.embedded.execute_api.refused import RefusedError

FORBIDDEN = (403, "ForbiddenException", "Forbidden")


class Planned:
    """An API with a key of a plan."""

    def __init__(self, api: Api, **plan: Any) -> None:  # noqa: ANN401 - of CreateUsagePlan
        self.api, gateway = api, api.gateway
        api.mock("/a", text='{"key": "$context.identity.apiKeyId"}', apiKeyRequired=True)
        api.mock("/b", apiKeyRequired=True)
        api.deploy()
        self.key = gateway.create_api_key(name=api.name, enabled=True)
        stage: Mapping[str, Any] = {"apiId": api.id, "stage": "v1", **plan.pop("of_stage", {})}
        self.plan = gateway.create_usage_plan(name=api.name, apiStages=[stage], **plan)["id"]
        gateway.create_usage_plan_key(
            usagePlanId=self.plan, keyId=self.key["id"], keyType="API_KEY"
        )

    def get(self, path: str = "/a") -> tuple[int, str]:
        got = self.api.get(path, x_api_key=self.key["value"])
        return got.status, "" if got.status == 200 else got.message


def test_a_key_of_a_plan_lets_in(api: Api) -> None:
    planned = Planned(api)
    got = api.get("/a", x_api_key=planned.key["value"])
    assert (got.status, got.json) == (200, {"key": planned.key["id"]})
    other = api.gateway.create_api_key(name="other", enabled=True)["value"]
    for headers in ({}, {"x_api_key": ""}, {"x_api_key": "unknown"}, {"x_api_key": other}):
        got = api.get("/a", **headers)
        assert (got.status, got.error, got.message) == FORBIDDEN, headers
    disable = [{"op": "replace", "path": "/enabled", "value": "false"}]
    api.gateway.update_api_key(apiKey=planned.key["id"], patchOperations=disable)
    assert planned.get() == (403, "Forbidden")


def test_a_key_of_another_stages_plan_does_not(api: Api) -> None:
    planned = Planned(api)
    api.gateway.create_stage(restApiId=api.id, stageName="v2", deploymentId=api.deployment)
    remove = [{"op": "remove", "path": "/apiStages", "value": f"{api.id}:v1"}]
    add = [{"op": "add", "path": "/apiStages", "value": f"{api.id}:v2"}]
    api.gateway.update_usage_plan(usagePlanId=planned.plan, patchOperations=remove + add)
    assert planned.get() == (403, "Forbidden")


def test_a_burst_is_cut_off(api: Api) -> None:
    planned = Planned(api, throttle={"rateLimit": 0.001, "burstLimit": 2})
    assert [planned.get()[0] for _ in range(3)] == [200, 200, 429]
    assert planned.get() == (429, "Too Many Requests")


def test_a_method_has_a_burst_of_its_own(api: Api) -> None:
    own = {"/a/GET": {"rateLimit": 0.001, "burstLimit": 1}}
    planned = Planned(
        api, throttle={"rateLimit": 0.001, "burstLimit": 2}, of_stage={"throttle": own}
    )
    assert [planned.get("/a")[0] for _ in range(2)] == [200, 429]
    assert [planned.get("/b")[0] for _ in range(3)] == [200, 200, 429]


def test_a_quota_ends(api: Api) -> None:
    planned = Planned(api, quota={"limit": 3, "offset": 1, "period": "MONTH"})
    assert [planned.get()[0] for _ in range(2)] == [200, 200]
    assert planned.get() == (429, "Limit Exceeded")
    assert not [path for path in api.daemon.inventory() if "revet_usage" in path]


def test_a_stage_has_a_burst(api: Api) -> None:
    api.mock("/a")
    api.mock("/b")
    api.deploy()
    api.patch(("/*/*/throttling/rateLimit", "0.001"), ("/*/*/throttling/burstLimit", "1"))
    assert [api.get(path).status for path in ("/a", "/b")] == [200, 429]
    api.patch(("/~1b/GET/throttling/rateLimit", "0.001"), ("/~1b/GET/throttling/burstLimit", "2"))
    assert [api.get("/b").status for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize(
    ("settings", "times", "allowed"),
    [
        ({}, [0.0] * 5, 5),
        ({"rate": 1.0, "burst": 2}, [0.0, 0.0, 0.0], 2),
        ({"rate": 1.0, "burst": 2}, [0.0, 0.0, 1.0, 1.0], 3),
        ({"rate": 1.0, "burst": 2}, [0.0, 100.0, 100.0, 100.0], 3),
        ({"rate": 0.0, "burst": 0}, [0.0], 0),
        ({"rate": 3.0}, [0.0] * 5, 3),
        ({"rate": -1.0, "burst": -1}, [0.0] * 5, 5),
    ],
)
def test_buckets(settings: Mapping[str, float], times: list[float], allowed: int) -> None:
    left = list(times)
    limits = Limits(lambda: left[0])
    passed = 0
    while left:
        try:
            require_rate(limits, ("x",), settings, ("rate", "burst"))
            passed += 1
        except RefusedError as error:
            assert error.kind == "THROTTLED"  # noqa: PT017 - each request may be refused
        left.pop(0)
    assert passed == allowed


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("period", "first", "second", "same"),
    [
        ("DAY", "2026-01-31T00:00", "2026-01-31T23:59", True),
        ("DAY", "2026-01-31T23:59", "2026-02-01T00:00", False),
        ("WEEK", "2026-01-04T00:00", "2026-01-10T23:59", True),  # Sunday to Saturday
        ("WEEK", "2026-01-03T23:59", "2026-01-04T00:00", False),
        ("MONTH", "2026-01-01T00:00", "2026-01-31T23:59", True),
        ("MONTH", "2026-01-31T23:59", "2026-02-01T00:00", False),
    ],
)
def test_quotas_begin_anew(period: str, first: str, second: str, same: bool) -> None:  # noqa: FBT001 - a case
    backend, quota = SimpleNamespace(), {"limit": 1, "period": period}

    def count(at: str) -> None:
        count_in_quota(backend, "p", "k", quota, moment(at))

    count(first)
    if same:
        with pytest.raises(RefusedError, match="1 requests"):
            count(second)
    else:
        count(second)
    with pytest.raises(RefusedError):
        count(second)
