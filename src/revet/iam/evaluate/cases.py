"""Authorization cases as JSON, one per line."""

from __future__ import annotations

import json
import marshal
import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from revet.iam.document import PolicyDocument, PolicyError, parse_policy
from revet.iam.evaluate.authorize import decide
from revet.iam.evaluate.decision import Blocked, Deciding, Decision
from revet.iam.evaluate.policies import Grant, Policies
from revet.iam.evaluate.request import Request
from revet.model.errors import InputError

_ACTION = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9]+")
_ACCOUNT = re.compile(r"[0-9]{12}")
_FIELDS = 6
_POLICY_KEYS = (
    "identity_policies", "resource_policy", "permissions_boundary", "session_policies",
    "service_control_policies", "resource_control_policies", "vpc_endpoint_policy",
    "kms_grants", "block_public_access",
)  # fmt: skip
_KEYS = frozenset(
    (
        "name", "request", "principal_account", "resource_account", *_POLICY_KEYS,
    )
)  # fmt: skip
_WITHOUT_REFERENCES = 2
"""The newest form of `marshal` in which equal values are equal bytes."""
_NOTES = frozenset(("comment", "expected", "source"))
"""What a case may say about itself; it does not bear on the decision."""
_REQUEST_KEYS = frozenset(("principal", "action", "resource", "context"))


class Remembered:
    """The policies of cases that were read, so that equal ones are read and indexed once.

    Args:
        most: bytes of policies to keep; the ones that were used least recently go first.
    """

    def __init__(self, most: int = 32_000_000) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[bytes, Policies] = OrderedDict()

    def policies(self, case: Mapping[str, Any]) -> Policies:
        """The policies of a case.

        Raises:
            InputError: they do not have the form of policies.
        """
        text = marshal.dumps([case.get(key) for key in _POLICY_KEYS], _WITHOUT_REFERENCES)
        known = self._kept.get(text)
        if known is not None:
            self._kept.move_to_end(text)
            return known
        found = _read_policies(case)
        self._kept[text] = found
        self._size += len(text)
        while self._size > self._most and len(self._kept) > 1:
            gone, _ = self._kept.popitem(last=False)
            self._size -= len(gone)
        return found


def read_case(
    case: Mapping[str, Any], remembered: Remembered | None = None
) -> tuple[Request, Policies]:
    """Read one case.

    Args:
        case: `request` with `principal`, `action`, `resource` and `context`; `principal_account`
            and `resource_account`; the policies under `identity_policies` (list),
            `resource_policy`, `permissions_boundary`, `session_policies` (list),
            `service_control_policies` and `resource_control_policies` (a list a level, the root
            first), `vpc_endpoint_policy`; for KMS `kms_grants`, for S3 `block_public_access`
            (`{"RestrictPublicBuckets": true}`). `comment`, `expected` and `source` are passed over.
            An absent, null or empty layer does not exist; at an empty level of SCPs nothing is
            allowed. A policy is an object or its JSON text.
        remembered: of the cases before this one; what is new in this one is added.

    Raises:
        InputError: the case does not have this form; `where` names the place.
    """
    _known(case, _KEYS | _NOTES, "the case")
    given = _object(case.get("request"), "request")
    _known(given, _REQUEST_KEYS, "request")
    action = _text(given.get("action"), "request.action")
    if not _ACTION.fullmatch(action):
        raise _wrong("request.action", action, "one action, such as `s3:GetObject`")
    request = Request(
        principal=_text(given.get("principal"), "request.principal"),
        action=action,
        resource=_text(given.get("resource"), "request.resource"),
        context=_object(given.get("context") or {}, "request.context"),
        principal_account=_account(case, "principal_account"),
        resource_account=_account(case, "resource_account"),
    )
    _agree(request.principal, request.principal_account, "principal_account")
    _agree(request.resource, request.resource_account, "resource_account")
    policies = remembered.policies(case) if remembered else _read_policies(case)
    return request, policies


def _read_policies(case: Mapping[str, Any]) -> Policies:
    return Policies(
        identity=_policies(case.get("identity_policies"), "identity_policies"),
        resource=_policy(case.get("resource_policy"), "resource_policy"),
        boundary=_policy(case.get("permissions_boundary"), "permissions_boundary"),
        session=_policies(case.get("session_policies"), "session_policies"),
        scps=_levels(case.get("service_control_policies"), "service_control_policies"),
        rcps=_levels(case.get("resource_control_policies"), "resource_control_policies"),
        endpoint=_policy(case.get("vpc_endpoint_policy"), "vpc_endpoint_policy"),
        grants=tuple(_grant(item, at) for item, at in _items(case.get("kms_grants"), "kms_grants")),
        restrict_public_buckets=_restricts(case.get("block_public_access")),
    )


def run_cases(
    lines: Iterable[str | Mapping[str, Any]], remembered: Remembered | None = None
) -> Iterator[dict[str, Any]]:
    """Decide cases, one JSON object a line.

    Args:
        lines: the cases, as text or already parsed; empty lines are passed over.
        remembered: the policies of earlier cases; by default those of these lines alone.

    Yields:
        `name`, `decision` (`allowed`, `explicitly_denied`, `implicitly_denied`, `unknown`), `by`
        (the statements that decided: `layer`, `level`, `policy`, `statement`, `sid`, `line`),
        `blocked_by` (layers that had to allow and do not), `missing_keys` and `reasons` (why it is
        unknown).

    Raises:
        InputError: a line is no case; `where` names the line.
    """
    known = Remembered() if remembered is None else remembered
    for number, line in enumerate(lines, 1):
        if isinstance(line, str) and not line.strip():
            continue
        try:
            case = _parsed(line) if isinstance(line, str) else line
            request, policies = read_case(_object(case, "the case"), known)
            decision = decide(request, policies)
        except InputError as error:
            where = f"line {number}" + (f", {error.where}" if error.where else "")
            raise InputError(
                error.what, where=where, got=error.got, expected=error.expected, do=error.do
            ) from error
        yield as_json(case.get("name", ""), decision)


def as_json(name: str, decision: Decision) -> dict[str, Any]:
    """A decision as `run_cases` gives it."""
    return {
        "name": name,
        "decision": decision.outcome.value,
        "by": [_statement(item) for item in decision.by],
        "blocked_by": [_blocked(item) for item in decision.blocked],
        "missing_keys": list(decision.missing_keys),
        "reasons": list(decision.reasons),
    }


def _statement(item: Deciding) -> dict[str, Any]:
    return {
        "layer": item.layer.value,
        "level": item.level,
        "policy": item.policy,
        "statement": item.index,
        "sid": item.sid,
        "line": item.span.start.line,
    }


def _blocked(item: Blocked) -> dict[str, Any]:
    return {"layer": item.layer.value, "level": item.level, "why": item.why}


def _wrong(where: str, got: object, expected: str) -> InputError:
    shown = got if isinstance(got, str) else json.dumps(got, default=str)
    return InputError(
        "a case does not have the form of one",
        where=f"`{where}`",
        got=f"`{shown[:80]}`",
        expected=expected,
        do="see the schema of `revet iam authorize --cases`",
    )


def _known(given: Mapping[str, Any], keys: frozenset[str], where: str) -> None:
    for key in given:
        if key not in keys:
            raise _wrong(where, key, "one of " + ", ".join(f"`{name}`" for name in sorted(keys)))


def _object(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _wrong(where, value, "an object")
    return value


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise _wrong(where, value, "a text")
    return value


def _account(case: Mapping[str, Any], key: str) -> str:
    value = case.get(key)
    if value in (None, ""):
        return ""
    if not isinstance(value, str) or not _ACCOUNT.fullmatch(value):
        raise _wrong(key, value, "an account id of twelve digits, as text")
    return value


def _agree(arn: str, account: str, key: str) -> None:
    """An account that is given is that of the ARN, where the ARN has one."""
    fields = arn.split(":", _FIELDS - 1)
    owner = fields[4] if len(fields) == _FIELDS else ""
    if account and _ACCOUNT.fullmatch(owner) and owner != account:
        raise _wrong(key, account, f"`{owner}`, the account of `{arn}`")


def _items(value: object, where: str) -> Iterator[tuple[object, str]]:
    if value is None:
        return
    if not isinstance(value, list | tuple):
        raise _wrong(where, value, "a list")
    for number, item in enumerate(value):
        yield item, f"{where}[{number}]"


def _policy(value: object, where: str) -> PolicyDocument | None:
    if value in (None, {}, []):
        return None
    if not isinstance(value, str | Mapping):
        raise _wrong(where, value, "a policy document")
    try:
        return parse_policy(value)
    except PolicyError as error:
        raise PolicyError(
            error.what,
            where=f"`{where}`, {error.where}" if error.where else f"`{where}`",
            got=error.got,
            expected=error.expected,
            do=error.do,
        ) from error


def _policies(value: object, where: str) -> tuple[PolicyDocument, ...]:
    found = (_policy(item, at) for item, at in _items(value, where))
    return tuple(document for document in found if document is not None)


def _levels(value: object, where: str) -> tuple[tuple[PolicyDocument, ...], ...]:
    return tuple(_policies(item, at) for item, at in _items(value, where))


def _grant(value: object, where: str) -> Grant:
    given = _object(value, where)
    constraints = _object(given.get("constraints") or {}, f"{where}.constraints")
    return Grant(
        _text(given.get("grantee_principal"), f"{where}.grantee_principal"),
        tuple(
            _text(item, at) for item, at in _items(given.get("operations"), f"{where}.operations")
        ),
        _pairs(constraints.get("EncryptionContextEquals"), f"{where}.constraints"),
        _pairs(constraints.get("EncryptionContextSubset"), f"{where}.constraints"),
    )


def _pairs(value: object, where: str) -> tuple[tuple[str, str], ...] | None:
    if value is None:
        return None
    return tuple((key, _text(text, where)) for key, text in _object(value, where).items())


def _restricts(value: object) -> bool:
    if value is None:
        return False
    setting = _object(value, "block_public_access").get("RestrictPublicBuckets", False)
    if not isinstance(setting, bool):
        raise _wrong("block_public_access.RestrictPublicBuckets", setting, "`true` or `false`")
    return setting


def _parsed(line: str) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:  # `int` refuses more than 4,300 digits
        raise InputError(
            "a line is not valid JSON",
            got=str(error),
            expected="one JSON object a line",
            do="write each case on one line",
        ) from error
