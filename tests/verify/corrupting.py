"""Spoils an account by the table of corruptions, and puts it back."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Client = Any  # boto3 makes client classes at run time
Clients = Callable[[str], Client]
Json = Any

_MARK = re.compile(r"<([^<>]+)>")
_BUCKETS = ("tap-data-dev", "tap-trail-dev")


def corruptions() -> list[dict[str, Any]]:
    """The table."""
    text = (Path(__file__).parent / "corruptions.toml").read_text("utf-8")
    cases: list[dict[str, Any]] = tomllib.loads(text)["corruption"]
    return cases


def case_id(case: Mapping[str, Any]) -> str:
    return f"{case['control']}: {case['title']}"


def known(state: Mapping[str, Any], client: Clients) -> dict[str, str]:
    """What the marks of the table stand for, in this account."""
    found: dict[str, str] = {}
    for resource in state["values"]["root_module"]["resources"]:
        for name, value in resource["values"].items():
            if isinstance(value, str):
                found[f"{resource['address']}.{name}"] = value
    for bucket in _BUCKETS:
        found[f"policy:{bucket}"] = client("s3").get_bucket_policy(Bucket=bucket)["Policy"]
    filters = [{"Name": "vpc-id", "Values": [found["aws_vpc.main.id"]]}]
    tables = client("ec2").describe_route_tables(Filters=filters)
    found["main_routes"] = tables["RouteTables"][0]["RouteTableId"]
    return found


def send(calls: list[Mapping[str, Any]], client: Clients, marks: dict[str, str]) -> None:
    """Make the calls of a `break` or a `restore`; what one of them made can be named in the next.

    An answer's text under `keep` becomes a mark: `keep = { gateway = "InternetGateway.Id" }`.
    """
    for call in calls:
        operation = getattr(client(call["service"]), call["operation"])
        answer = operation(**_filled(call["with"], marks))
        for mark, path in call.get("keep", {}).items():
            value = answer
            for part in path.split("."):
                value = value[part]
            marks[mark] = value


def _filled(value: Json, marks: Mapping[str, str]) -> Json:
    if isinstance(value, str):
        return _MARK.sub(lambda mark: marks[mark[1]], value)
    if isinstance(value, list):
        return [_filled(item, marks) for item in value]
    if isinstance(value, dict):
        return {key: _filled(item, marks) for key, item in value.items()}
    return value
