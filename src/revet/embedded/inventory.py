"""What exists: a walk over all backends that knows no service.

Left out are the baseline of each backend, keys that wait for deletion (AWS keeps them for at least
seven days; nothing can delete them sooner), and the bookkeeping listed below, entry by entry with
its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

from moto.core.base_backend import BackendDict, BaseBackend

from revet.embedded.backends import BASELINE, each_backend, stores
from revet.embedded.call import Moto

BOOKKEEPING: dict[str, str] = {
    "*/_pagination_tokens*": "moto's place in lists that were read page by page",
    "*/tagger/*": "tags belong to resources, which are listed themselves",
    "*/tagging_service/*": "the same",
    "ec2/tags/*": "the same; moto keeps them after their resource is gone",
    "acm/_idempotency_tokens*": "by which AWS knows for an hour that a request was sent before",
    "apigateway/revet_usage*": "what API keys used of their quotas",
    "cloudwatch/metric_data*": "history of metrics, which nothing can delete",
    "config/config_schema*": "botocore's description of the service, filled call by call",
    "firehose/revet_buffers*": "records on their way",
    "kms/multi_region_configuration": "a copy that moto leaves at the backend; keys have their own",
    "config/revet_evaluations*": "history of evaluations, which nothing can delete",
    "config/revet_remediation_runs*": "history of remediations, likewise",
    "rds/events": "history, which AWS keeps for 14 days",
    "logs/revet_pending*": "events on their way",
    "lambda/revet_events*": "events on their way to a function, which end by themselves",
    "logs/queries*": "history of queries",
    "ssm/revet_automations*": "history, which AWS keeps for 30 days",
    "sts/revet_sessions*": "temporary credentials end by themselves, and nothing can delete them",
}
"""Pattern of `service/attribute…`, to the reason why it is no resource."""

_GONE = frozenset({"deleted", "terminated", "DELETED", "PendingDeletion"})
"""States in which AWS still shows an object for a while, but nothing can delete it any more."""

Holdings = dict[str, list[str]]
_CONTAINERS = (Mapping, list, set, frozenset, tuple)
_SETTINGS = (bool, int, float, str)
_ID_ATTRIBUTES = ("arn", "id", "name")


def inventory() -> Holdings:
    """Everything that exists beyond the baselines: path → sorted ids.

    A path is `service/account/region/attribute…`; ids are the keys under which moto keeps the
    objects, mostly ids, names or ARNs.
    """
    found: Holdings = {}
    for store in stores():
        service = store.backends.service_name
        for account, region, backend in each_backend(store):
            baseline = vars(backend).get(BASELINE, {})
            for path, ids in holdings(backend).items():
                if _is_bookkeeping(f"{service}/{path}"):
                    continue
                left = sorted(set(ids) - set(baseline.get(path, ())))
                if left:
                    found[f"{service}/{account}/{region}/{path}"] = left
    return found


def holdings(backend: BaseBackend) -> Holdings:
    """What one backend holds: attribute path → ids.

    Containers count by their keys, settings by their value, other objects by their class, together
    with the containers in them.
    """
    found: Holdings = {}
    for name, value in vars(backend).items():
        if name == BASELINE or isinstance(value, (BaseBackend, BackendDict)):
            continue
        if isinstance(value, _CONTAINERS):
            _walk(name, value, found, frozenset())
        elif value is None or isinstance(value, _SETTINGS):
            found[name] = [repr(value)]
        else:
            found[name] = [type(value).__name__]
            for part, inner in getattr(value, "__dict__", {}).items():
                if isinstance(inner, _CONTAINERS):
                    _walk(f"{name}/{part}", inner, found, frozenset())
    return found


def _walk(path: str, value: Moto, found: Holdings, above: frozenset[int]) -> None:
    """Find the ids in a container; one whose values all are containers only groups others."""
    if id(value) in above:
        return
    if not isinstance(value, Mapping):
        ids = [_identity(item) for item in value if _counts(item)]
    elif all(isinstance(item, _CONTAINERS) for item in value.values()):
        for key, item in value.items():
            _walk(f"{path}/{key}", item, found, above | {id(value)})
        return
    else:
        ids = [str(key) for key, item in value.items() if _counts(item)]
    if ids:
        found[path] = sorted(ids)


def _identity(item: Moto) -> str:
    for name in _ID_ATTRIBUTES:
        text = getattr(item, name, None)
        if isinstance(text, str):
            return text
    return str(item) if isinstance(item, _SETTINGS) else type(item).__name__


def _is_bookkeeping(path: str) -> bool:
    return any(fnmatchcase(path, pattern) for pattern in BOOKKEEPING)


def _counts(item: Moto) -> bool:
    """Whether an object is there, and is not AWS's own."""
    states = (getattr(item, name, None) for name in ("state", "status", "key_state"))
    gone = any(isinstance(state, str) and state in _GONE for state in states)
    return not gone and getattr(item, "key_manager", "") != "AWS" and not _is_default_group(item)


def _is_default_group(item: Moto) -> bool:
    """Whether RDS made a parameter group for an engine; nobody can delete it."""
    kind, name = type(item).__name__, str(getattr(item, "name", ""))
    return kind.endswith("ParameterGroup") and name.startswith("default.")
