"""Recognizes, in a case that was made small, which kind of difference it shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tests.iam.differential.naive_conditions import as_list
from tests.iam.differential.naive_statements import (
    Request,
    applies,
    named_in,
    principal_grants,
    request_of,
)
from tests.iam.differential.naive_text import arn_like, expand, resource_like
from tests.iam.differential.shrink import Case
from tests.iam.differential.walk import all_statements, statements_in

VARIABLE = re.compile(r"\$\{([^},]+)")


def _conditions(case: Case) -> Iterator[tuple[str, str, list[str]]]:
    for statement, _ in all_statements(case):
        for operator, keys in statement.get("Condition", {}).items():
            for key, values in keys.items():
                yield operator, key, as_list(values)


def _resources(case: Case) -> Iterator[str]:
    for statement, _ in all_statements(case):
        for element in ("Resource", "NotResource"):
            yield from as_list(statement.get(element, []))


def _root(_: Case, request: Request) -> bool:
    return request.caller.kind == "root"


def _federated(case: Case, request: Request) -> bool:
    return request.caller.kind == "federated user" and not case.get("session_policies")


def _session(case: Case, request: Request) -> bool:
    grants = {
        grant
        for statement, _ in statements_in(case.get("resource_policy"))
        if statement["Effect"] == "Allow"
        for grant in principal_grants(statement, request)
    }
    same = request.caller.account == request.resource_account
    return bool(same and case.get("session_policies") and grants & {"direct", "everyone"})


def _linked(case: Case, request: Request) -> bool:
    controls = case.get("service_control_policies"), case.get("resource_control_policies")
    return request.caller.name.startswith("AWSServiceRoleFor") and any(controls)


def _beside_those_named(case: Case, request: Request) -> bool:
    """A Deny that spares the account, or the role, of a caller whom it does not name."""
    return not case.get("permissions_boundary") and any(
        statement["Effect"] == "Deny"
        and "NotPrincipal" in statement
        and (named := named_in(statement["NotPrincipal"], request.caller))
        and "direct" not in named
        and applies(statement, request, version)
        for statement, version in statements_in(case.get("resource_policy"))
    )


def _if_exists(case: Case, request: Request) -> bool:
    return any(
        operator.startswith("ForAnyValue:")
        and operator.endswith("IfExists")
        and not request.context.get(key.lower())
        for operator, key, _ in _conditions(case)
    )


def _all_addresses(case: Case, _: Request) -> bool:
    return any("0.0.0.0/0" in values for _, _, values in _conditions(case))


def _other_version(case: Case, request: Request) -> bool:
    return any(
        (":" in text) != (":" in address)
        for operator, key, values in _conditions(case)
        if "IpAddress" in operator
        for address in request.context.get(key.lower(), ())
        for text in values
    )


def _at_the_start(case: Case, _: Request) -> bool:
    """No slash between the fifth colon and a variable."""
    return any(
        "${" in (last := (text.split(":", 5) + [""] * 6)[5]) and "/" not in last.partition("${")[0]
        for text in _resources(case)
    )


def _texts(case: Case) -> Iterator[tuple[str, str]]:
    for statement, version in all_statements(case):
        for element in ("Resource", "NotResource"):
            yield from ((text, version) for text in as_list(statement.get(element, [])))
        for keys in statement.get("Condition", {}).values():
            yield from ((str(text), version) for value in keys.values() for text in as_list(value))


def _path(case: Case, request: Request) -> bool:
    return request.caller.text.count("/") > 1 and any(
        name.lower() == "aws:username"
        for text, _ in _texts(case)
        for name in VARIABLE.findall(text)
    )


def _end_of_a_field(case: Case, request: Request) -> bool:
    """A pattern that matches only beyond a colon, or that has fewer fields than an ARN."""
    for text in _resources(case):
        pieces = expand(text, request.context, "2012-10-17") or []
        beyond = resource_like(pieces, request.resource) and not arn_like(pieces, request.resource)
        if text.startswith("arn:") and (beyond or text.count(":") < 5):
            return True
    return False


def _arn_without_value(case: Case, request: Request) -> bool:
    return any(
        "ArnNot" in operator and expand(text, request.context, "2012-10-17") is None
        for operator, _, values in _conditions(case)
        for text in map(str, values)
    )


def _empty_text(case: Case, request: Request) -> bool:
    return any(
        (operator == "Null" or ":" in operator) and request.context.get(key.lower()) == ("",)
        for operator, key, _ in _conditions(case)
    )


def _old_version(case: Case, _: Request) -> bool:
    return any("${" in text and version != "2012-10-17" for text, version in _texts(case))


# In this order: what is said of the caller, of a condition, of a text.
KINDS: dict[str, Callable[[Case, Request], bool]] = {
    "root-user": _root,
    "federated-user-without-session-policy": _federated,
    "session-policy-limits-a-grant-to-the-session": _session,
    "service-linked-role": _linked,
    "not-principal-without-the-caller": _beside_those_named,
    "for-any-value-if-exists": _if_exists,
    "range-of-all-addresses": _all_addresses,
    "address-of-the-other-version": _other_version,
    "arn-without-value": _arn_without_value,
    "empty-text": _empty_text,
    "star-at-the-end-of-a-field": _end_of_a_field,
    "variable-in-a-policy-without-version": _old_version,
    "name-of-a-user-with-a-path": _path,
    "variable-at-the-start-of-the-resource": _at_the_start,
}


def kind_of(case: Case) -> str | None:
    """The kind of a difference, None if it is not known."""
    request = request_of(case)
    return next((kind for kind, shows in KINDS.items() if shows(case, request)), None)
