"""Managed rules for logs that services are asked to write: of APIs and of databases.

Sources: AWS Config Developer Guide, `api-gw-execution-logging-enabled` and `rds-logging-enabled`;
AWS Security Hub User Guide, RDS.9 (the log types of each engine); Amazon RDS User Guide,
"Publishing database logs to Amazon CloudWatch Logs" (their names).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from revet.embedded.managed_rules.rule import (
    COMPLIANT,
    NOT_APPLICABLE,
    Finding,
    ManagedRule,
    ParameterError,
    Parameters,
    Place,
    Subject,
    listed,
    unknown,
    violates,
)

_STAGE = "AWS::ApiGateway::Stage"
_STAGE_V2 = "AWS::ApiGatewayV2::Stage"
_DATABASE = "AWS::RDS::DBInstance"
_EVERY = "*/*"
_LEVELS = ("ERROR", "INFO")
_JUDGED = frozenset({"available", "backing-up", "storage-optimization", "storage-full"})
"""States of a database in which it is judged."""
_MYSQL = ("audit", "error", "general", "slowquery")
_LOGS: Mapping[str, tuple[str, ...]] = {
    "aurora": _MYSQL,
    "aurora-mysql": _MYSQL,
    "aurora-postgresql": ("postgresql",),
    "mariadb": _MYSQL,
    "mysql": _MYSQL,
    "oracle": ("alert", "audit", "trace", "listener"),
    "postgres": ("postgresql", "upgrade"),
    "sqlserver": ("error", "agent"),
}
"""Engine, as its name begins where it has editions, to the log types that it can write."""


def _stages(place: Place) -> Iterator[Subject]:
    for api in place.backend("apigateway").apis.values():
        for name, stage in api.stages.items():
            arn = (
                f"arn:{place.partition}:apigateway:{place.region}::/restapis/{api.id}/stages/{name}"
            )
            yield Subject(_STAGE, arn, stage)
    for api in place.backend("apigatewayv2").apis.values():
        for name in api.stages:
            yield Subject(_STAGE_V2, f"{api.api_id}/{name}", None)


def _stage_logs(stage: Subject, parameters: Parameters, _place: Place) -> Finding:
    """Settings of one method go before those of all, so that none may be without."""
    wanted = _levels(listed(parameters.get("loggingLevel")))
    if stage.type != _STAGE:
        return unknown(f"{stage.id}: stages of HTTP and WebSocket APIs are not judged here.")
    settings: Mapping[str, Mapping[str, object]] = stage.thing.method_settings or {}
    for method in (_EVERY, *(one for one in settings if one != _EVERY)):
        level = str(settings.get(method, {}).get("loggingLevel") or "OFF")
        if level not in wanted:
            return violates(f"The logging level of {method.replace('~1', '/')} is {level}.")
    return COMPLIANT


def _levels(asked: list[str]) -> list[str]:
    """The levels that comply.

    Raises:
        ParameterError: one of those that are asked for is not a level.
    """
    wanted = asked or list(_LEVELS)
    for level in wanted:
        if level not in _LEVELS:
            raise ParameterError(f"loggingLevel is neither ERROR nor INFO: {level}")
    return wanted


def _databases(place: Place) -> Iterator[Subject]:
    for database in place.backend("rds").databases.values():
        yield Subject(_DATABASE, database.dbi_resource_id, database)


def _database_logs(database: Subject, parameters: Parameters, place: Place) -> Finding:
    thing = database.thing
    if str(thing.status) not in _JUDGED:
        return NOT_APPLICABLE
    engine = _family(str(thing.engine))
    if engine not in _LOGS:
        return unknown(f"{database.id}: the log types of {thing.engine} are not known.")
    exported = set(thing.enabled_cloudwatch_logs_exports or ())
    cluster = place.backend("rds").clusters.get(thing.db_cluster_identifier or "")
    if cluster is not None:  # the logs of an Aurora cluster are those of all its instances
        exported |= set(cluster.enabled_cloudwatch_logs_exports or ())
    wanted = dict.fromkeys(
        (*_LOGS[engine], *_additional(parameters.get("additionalLogs") or "").get(engine, ()))
    )
    missing = [log for log in wanted if log not in exported]
    return violates(f"Not exported: {', '.join(missing)}.") if missing else COMPLIANT


def _family(engine: str) -> str:
    """The name under which the rule knows an engine: editions are left out."""
    for name in ("oracle", "sqlserver"):
        if engine.startswith((f"{name}-", f"custom-{name}-")):
            return name
    return engine


def _additional(text: str) -> Mapping[str, list[str]]:
    """Log types by engine: `oracle: general, slowquery ; aurora: alert`.

    Raises:
        ParameterError: it is not of that form.
    """
    found: dict[str, list[str]] = {}
    for part in text.split(";"):
        engine, colon, logs = part.partition(":")
        if part.strip() and not (colon and engine.strip() and listed(logs)):
            raise ParameterError(f"additionalLogs has a part without an engine or logs: {part}")
        if part.strip():
            found.setdefault(_family(engine.strip()), []).extend(listed(logs))
    return found


RULES: Mapping[str, ManagedRule] = {
    "API_GW_EXECUTION_LOGGING_ENABLED": ManagedRule(
        "", _stages, _stage_logs, ("loggingLevel",), (_STAGE, _STAGE_V2), has_all_types=True
    ),
    "RDS_LOGGING_ENABLED": ManagedRule(_DATABASE, _databases, _database_logs, ("additionalLogs",)),
}
