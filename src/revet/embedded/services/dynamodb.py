"""DynamoDB: tables and indexes keep the most that they take on demand.

moto drops `OnDemandThroughput`, and Terraform would set it at every apply. (DynamoDB API Reference,
CreateTable and UpdateTable: -1 stands for no limit.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.dynamodb.models.table import GlobalSecondaryIndex, Table
from moto.dynamodb.responses import DynamoHandler

from revet.embedded.call import Moto
from revet.embedded.patching import replace

_MEMBER = "OnDemandThroughput"
_KEPT = "revet_on_demand_throughput"
_NO_LIMIT = -1


def install() -> None:
    """Put the changes in place."""
    for operation in ("create_table", "update_table"):
        replace(DynamoHandler, operation, _keeping)
    replace(Table, "describe", _with_limits_of_table)
    replace(GlobalSecondaryIndex, "describe", _with_limits)
    replace(GlobalSecondaryIndex, "create", _index_keeping)
    replace(GlobalSecondaryIndex, "update", _index_changing)


def _keep(holder: Moto, asked: dict[str, Any]) -> None:
    """Take over the limits of a request, where it has any."""
    if asked.get(_MEMBER):
        kept = {**getattr(holder, _KEPT, {}), **asked[_MEMBER]}
        setattr(holder, _KEPT, kept)


def _shown(holder: Moto) -> dict[str, Any]:
    """The limits as a description shows them; nothing where there is none."""
    kept = getattr(holder, _KEPT, {})
    limited = any(limit != _NO_LIMIT for limit in kept.values())
    return {_MEMBER: dict(kept)} if limited else {}


def _keeping(original: Callable[[Moto], Moto]) -> Callable[[Moto], Moto]:
    def operation(self: Moto) -> Moto:
        answer = original(self)
        table = self.dynamodb_backend.get_table(self.body["TableName"])
        _keep(table, self.body)
        answer.result["TableDescription"] |= _shown(table)
        return answer

    return operation


def _with_limits_of_table(original: Callable[..., Moto]) -> Callable[..., Moto]:
    def describe(self: Moto, base_key: str = "TableDescription") -> dict[str, Any]:
        answer: dict[str, Any] = original(self, base_key)
        answer[base_key] |= _shown(self)
        return answer

    return describe


def _with_limits(original: Callable[[Moto], Moto]) -> Callable[[Moto], Moto]:
    def describe(self: Moto) -> dict[str, Any]:
        return {**original(self), **_shown(self)}

    return describe


def _index_keeping(original: Moto) -> Moto:
    def create(asked: dict[str, Any], table_key_attrs: list[str]) -> Moto:
        made = original.__func__(asked, table_key_attrs)
        _keep(made, asked)
        return made

    return staticmethod(create)


def _index_changing(original: Callable[..., None]) -> Callable[..., None]:
    def update(self: Moto, asked: dict[str, Any]) -> None:
        original(self, asked)
        _keep(self, asked)

    return update
