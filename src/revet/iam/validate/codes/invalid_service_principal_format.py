"""A service is named as AWS names it, for example `lambda.amazonaws.com`."""

from __future__ import annotations

import re

from revet.iam.operators import Kind
from revet.iam.policy_type import WITH_PRINCIPAL
from revet.iam.reference.principals import service_principal
from revet.iam.validate.finding import Hits, Level, check, hit, quoted
from revet.iam.validate.place import Text
from revet.iam.validate.written import WrittenStatement

_KEYS = frozenset(
    {
        "aws:calledvia",
        "aws:calledviafirst",
        "aws:calledvialast",
        "aws:principalservicename",
        "aws:principalservicenameslist",
        "iam:awsservicename",
        "iam:passedtoservice",
        "kms:viaservice",
    }
)
"""Condition keys, in lower case, whose values are service principals.

Source: IAM User Guide, "AWS global condition context keys" and "Available keys for IAM"; AWS KMS
Developer Guide, "kms:ViaService". AWS's page names only the last and speaks of some others.
"""
_REGIONAL = frozenset({"kms:viaservice"})
"""Keys whose values name the service's Region as well."""

_NAME = r"[a-z0-9-]+(?:\.[a-z0-9-]+)*"
_SUFFIX = (
    r"(?:amazonaws\.com|amazonaws\.com\.cn|amazonaws\.eu|c2s\.ic\.gov|sc2s\.sgov\.gov"
    r"|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)"
)
_SERVICE = re.compile(rf"{_NAME}\.{_SUFFIX}")
_REGIONAL_SERVICE = re.compile(rf"{_NAME}\.[a-z]+(?:-[a-z]+)+-[0-9]+\.{_SUFFIX}")


@check(Level.ERROR, source="AWS JSON policy elements: Principal")
def invalid_service_principal_format(statement: WrittenStatement) -> Hits:
    """Values under the principal key `Service`, and of the condition keys of `_KEYS`.

    What holds a wildcard, a variable or a reference is not judged.
    """
    if statement.policy.type in WITH_PRINCIPAL:
        for principal in statement.principals:
            if principal.kind == "Service" and _is_wrong(principal, _SERVICE):
                yield hit(
                    f"{quoted(principal.text)} is not a service principal. Write it in lower case "
                    "as in service-name.amazonaws.com.",
                    principal.place,
                )
    for condition in statement.conditions:
        if condition.lower not in _KEYS or condition.operator is None:
            continue
        if condition.operator.kind is not Kind.STRING:
            continue
        regional = condition.lower in _REGIONAL
        for value in condition.values:
            if _is_wrong(value, _REGIONAL_SERVICE if regional else _SERVICE):
                form = "service-name.region.amazonaws.com" if regional else "service.amazonaws.com"
                yield hit(
                    f"{quoted(value.text)} is not a value of {condition.key}. Write it in lower "
                    f"case as in {form}.",
                    value.place,
                )


def _is_wrong(value: Text, form: re.Pattern[str]) -> bool:
    text = value.text
    if value.string is None or "*" in text or "?" in text or "${" in text:
        return False
    if form.fullmatch(text) is not None:
        return False
    known = service_principal(text) if form is _SERVICE else None
    return known is None or not known.is_known
