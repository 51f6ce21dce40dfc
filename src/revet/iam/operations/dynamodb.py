"""Amazon DynamoDB: items.

Sources: Service Authorization Reference, "Amazon DynamoDB"; Amazon DynamoDB Developer Guide, "Using
IAM policy conditions for fine-grained access control" (`dynamodb:LeadingKeys`, `Attributes`,
`Select`, `ReturnValues`, `ReturnConsumedCapacity`), "IAM policies with transactions"
(`dynamodb:EnclosingOperation`), "IAM security policies with PartiQL for DynamoDB" and "How Amazon
DynamoDB uses AWS KMS" (whoever reaches a table with a customer's key needs `kms:Decrypt`; the
encryption context is table and account).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from revet.iam.operations import partiql
from revet.iam.operations.expressions import equal_to, expression_attributes
from revet.iam.operations.needs import (
    UNKNOWN,
    Asked,
    KeyUse,
    Need,
    Needs,
    Row,
    Value,
    without_resource,
)

_CAPACITY = "dynamodb:ReturnConsumedCapacity"
_LEADING = "dynamodb:LeadingKeys"
_SELECT = "dynamodb:Select"
_ALL, _SOME, _PROJECTED = "ALL_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"
_TRANSACTED = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
_RETURNING = ("PutItem", "UpdateItem", "DeleteItem")
_OLD_STYLE = ("AttributesToGet", "AttributeUpdates", "Expected", "QueryFilter", "ScanFilter")
Item = Mapping[str, Any]


def table_arn(asked: Asked, name: str) -> str:
    """ARN of a table that a call names by its name or ARN."""
    return name if name.startswith("arn:") else asked.place.arn("dynamodb", f"table/{name}")


def _uses(tables: list[str]) -> tuple[KeyUse, ...]:
    return tuple(
        KeyUse(
            "kms:Decrypt",
            arn,
            "dynamodb",
            encryption_context={
                "aws:dynamodb:tableName": arn.rpartition("/")[2],
                "aws:dynamodb:subscriberId": arn.split(":")[4],
            },
        )
        for arn in dict.fromkeys(tables)
    )


def _scalar(value: Any) -> str:  # noqa: ANN401 - an attribute value
    """The text of an attribute value `{"S": …}`; what else it may be is not known."""
    if isinstance(value, Mapping) and len(value) == 1:
        for kind in ("S", "N"):
            if kind in value:
                return str(value[kind])
    return UNKNOWN


def _leading(asked: Asked, table: str, items: list[Item], index: str = "") -> dict[str, Value]:
    """The partition keys of items, or of the keys of items."""
    if not items:
        return {}
    name = asked.deployed.partition_key(table, index)
    if not name and all(len(item) == 1 for item in items):
        texts = [_scalar(next(iter(item.values()))) for item in items]  # a key of one attribute
    else:
        texts = [_scalar(item.get(name)) if name else UNKNOWN for item in items]
    return {_LEADING: tuple(dict.fromkeys(texts))}


def _named(parameters: Mapping[str, Any], *items: Item) -> dict[str, Value]:
    """The attributes that a request names: in its items, its old members and its expressions."""
    names = [str(name) for item in items for name in item]
    for member in _OLD_STYLE:
        names += [str(name) for name in parameters.get(member) or ()]
    names += expression_attributes(parameters)
    return {"dynamodb:Attributes": tuple(dict.fromkeys(names))} if names else {}


def _capacity(asked: Asked) -> dict[str, Value]:
    return {_CAPACITY: asked.text("ReturnConsumedCapacity") or "NONE"}


def _selects(parameters: Mapping[str, Any], *, index: bool = False) -> dict[str, Value]:
    given = parameters.get("Select")
    if not given:
        some = parameters.get("ProjectionExpression") or parameters.get("AttributesToGet")
        given = _SOME if some else _PROJECTED if index else _ALL
    return {_SELECT: str(given)}


def _on_item(asked: Asked) -> Needs:
    table = table_arn(asked, asked.text("TableName"))
    item = asked.parameters.get("Key") or asked.parameters.get("Item") or {}
    keys: dict[str, Value] = {
        **_leading(asked, table, [item]),
        **_named(asked.parameters, item),
        **_capacity(asked),
    }
    if asked.operation == "GetItem":
        keys |= _selects(asked.parameters)
    if asked.operation in _RETURNING:
        keys["dynamodb:ReturnValues"] = asked.text("ReturnValues") or "NONE"
    return Needs((Need(f"dynamodb:{asked.operation}", table, keys),), _uses([table]))


def _batch_get(asked: Asked) -> Needs:
    needs = []
    for name, wanted in (asked.parameters.get("RequestItems") or {}).items():
        table, items = table_arn(asked, str(name)), list(wanted.get("Keys") or ())
        keys = {
            **_leading(asked, table, items),
            **_named(wanted, *items),
            **_selects(wanted),
            **_capacity(asked),
        }
        needs.append(Need("dynamodb:BatchGetItem", table, keys))
    return Needs(tuple(needs), _uses([need.resource for need in needs]))


def _batch_write(asked: Asked) -> Needs:
    needs = []
    for name, writes in (asked.parameters.get("RequestItems") or {}).items():
        table = table_arn(asked, str(name))
        items = [
            write["PutRequest"]["Item"] if "PutRequest" in write else write["DeleteRequest"]["Key"]
            for write in writes
        ]
        keys = {**_leading(asked, table, items), **_named({}, *items), **_capacity(asked)}
        needs.append(Need("dynamodb:BatchWriteItem", table, keys))
    return Needs(tuple(needs), _uses([need.resource for need in needs]))


def _searches(asked: Asked) -> Needs:
    table, index = table_arn(asked, asked.text("TableName")), asked.text("IndexName")
    keys: dict[str, Value] = {
        **_named(asked.parameters),
        **_selects(asked.parameters, index=bool(index)),
        **_capacity(asked),
    }
    if asked.operation == "Query":
        keys[_LEADING] = _queried(asked, table, index)
    resource = f"{table}/index/{index}" if index else table
    return Needs((Need(f"dynamodb:{asked.operation}", resource, keys),), _uses([table]))


def _queried(asked: Asked, table: str, index: str) -> str:
    """The partition key that a query asks for."""
    name = asked.deployed.partition_key(table, index)
    old: Mapping[str, Any] = asked.parameters.get("KeyConditions") or {}
    if old and not name and len(old) == 1:
        name = str(next(iter(old)))
    if name in old:
        values: list[Any] = list(old[name].get("AttributeValueList") or ())
        return _scalar(values[0]) if len(values) == 1 else UNKNOWN
    found = equal_to(asked.parameters)
    if not name and len(found) == 1:
        name = next(iter(found))
    return _scalar(found.get(name))


def _transacted(asked: Asked) -> Needs | None:
    needs = []
    for row in asked.parameters.get("TransactItems") or ():
        ((kind, wanted),) = row.items()
        operation = "GetItem" if kind == "Get" else _TRANSACTED.get(str(kind), "")
        if not operation:
            return None
        table = table_arn(asked, str(wanted["TableName"]))
        item = wanted.get("Key") or wanted.get("Item") or {}
        keys: dict[str, Value] = {
            **_leading(asked, table, [item]),
            **_named(wanted, item),
            **_capacity(asked),
            **(_selects(wanted) if kind == "Get" else {}),
        }
        if operation != "ConditionCheckItem":
            keys["dynamodb:EnclosingOperation"] = asked.operation
        needs.append(Need(f"dynamodb:{operation}", table, keys))
    return Needs(tuple(needs), _uses([need.resource for need in needs]))


def _statements(asked: Asked) -> Iterator[str]:
    if asked.operation == "ExecuteStatement":
        yield asked.text("Statement")
    for member in ("Statements", "TransactStatements"):
        for row in asked.parameters.get(member) or ():
            yield str(row.get("Statement") or "")


def _executed(asked: Asked) -> Needs | None:
    """PartiQL: which items a statement reaches is not worked out, so that is not known."""
    needs, tables = [], []
    for text in _statements(asked):
        read = partiql.read_statement(text)
        if read is None:
            return None
        table = table_arn(asked, read.table)
        tables.append(table)
        keys: dict[str, Value] = {_LEADING: UNKNOWN, "dynamodb:Attributes": UNKNOWN}
        if read.action == "PartiQLSelect":
            keys |= {"dynamodb:FullTableScan": UNKNOWN, _SELECT: UNKNOWN}
        if read.action in ("PartiQLUpdate", "PartiQLDelete"):
            keys["dynamodb:ReturnValues"] = UNKNOWN
        if asked.operation != "ExecuteStatement":
            keys["dynamodb:EnclosingOperation"] = asked.operation
        resource = f"{table}/index/{read.index}" if read.index else table
        needs.append(Need(f"dynamodb:{read.action}", resource, keys))
    return Needs(tuple(needs), _uses(tables)) if needs else None


def _table(asked: Asked) -> Needs:
    table = table_arn(asked, asked.text("TableName"))
    return Needs((Need(f"dynamodb:{asked.operation}", table),))


def _stream(asked: Asked) -> Needs | None:
    arn = asked.text("StreamArn")
    return Needs((Need(f"dynamodb:{asked.operation}", arn),)) if arn else None


ROWS: Mapping[str, Row] = {
    **dict.fromkeys(("GetItem", "PutItem", "UpdateItem", "DeleteItem"), _on_item),
    "BatchGetItem": _batch_get,
    "BatchWriteItem": _batch_write,
    **dict.fromkeys(("Query", "Scan"), _searches),
    **dict.fromkeys(("TransactGetItems", "TransactWriteItems"), _transacted),
    **dict.fromkeys(("ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"), _executed),
    **dict.fromkeys(("DescribeTable", "DescribeTimeToLive"), _table),
    "ListTables": without_resource("dynamodb"),
}
"""Calls of DynamoDB Streams are another service's, see `STREAM_ROWS`."""

STREAM_ROWS: Mapping[str, Row] = {
    **dict.fromkeys(("DescribeStream", "GetShardIterator"), _stream),
    "ListStreams": without_resource("dynamodb"),
}
"""Of botocore's `dynamodbstreams`; `GetRecords` names no stream, only an iterator of one."""
