"""The service of an ARN or a condition key exists."""

from __future__ import annotations

from revet.iam.reference import is_arn_namespace, services, similar
from revet.iam.validate.catalog import Hit, Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.place import Place
from revet.iam.validate.quoted import quoted
from revet.iam.validate.resource_arn import is_open
from revet.iam.validate.subject import StatementSubject

_GLOBAL = "aws"
_SIGNS_OF_A_PROVIDER = (".", "/")
"""Keys of identity providers begin with a domain: `token.actions.githubusercontent.com:sub`."""


@check(Level.ERROR, subject=StatementSubject)
def invalid_service(statement: StatementSubject) -> Hits:
    """The third field of an ARN, or what stands before the colon of a condition key.

    The prefix of an action is `INVALID_SERVICE_IN_ACTION`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    for resource in statement.resources:
        read = resource.read
        if read is None or read.arn.service in services() or is_open(read.arn.service):
            continue
        if not is_arn_namespace(read.arn.service.lower()):
            yield _finding(read.arn.service, read.place("service"))
    for condition in statement.conditions:
        prefix, colon, _ = condition.lower.partition(":")
        if not colon or not prefix or prefix == _GLOBAL or prefix in services() or is_open(prefix):
            continue
        of_a_provider = any(sign in prefix for sign in _SIGNS_OF_A_PROVIDER)
        if not of_a_provider and condition.reference is None:
            yield _finding(condition.key.partition(":")[0], condition.key_place)


def _finding(written: str, place: Place) -> Hit:
    guess = similar(written, services())
    advice = f" Did you mean {quoted(guess)}?" if guess else ""
    return hit(f"There is no service {quoted(written)}.{advice}", place)
