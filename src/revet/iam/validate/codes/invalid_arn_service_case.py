"""The service in an ARN is written in lower case."""

from __future__ import annotations

from revet.iam.reference import is_arn_namespace
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.resource_arn import is_open
from revet.iam.validate.subject import ResourceSubject


@check(Level.ERROR, subject=ResourceSubject)
def invalid_arn_service_case(resource: ResourceSubject) -> Hits:
    """A service that exists but for the case of its letters.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    read = resource.read
    if read is None:
        return
    written = read.arn.service
    lower = written.lower()
    if written != lower and not is_open(written) and is_arn_namespace(lower):
        yield hit(
            f"ARNs have services in lower case. Write {quoted(lower)} for {quoted(written)}.",
            read.place("service"),
        )
