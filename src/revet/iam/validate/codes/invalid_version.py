"""`Version` is one of the two versions of the policy language."""

from __future__ import annotations

from revet.iam.document_json import JsonScalar
from revet.iam.symbol import has_symbol
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.place import place_of
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import PolicySubject

VERSIONS = ("2012-10-17", "2008-10-17")


@check(Level.ERROR, subject=PolicySubject)
def invalid_version(policy: PolicySubject) -> Hits:
    """A string that is neither; another JSON type is `DATA_TYPE_MISMATCH`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    member = policy.members.get("Version")
    if member is None or not isinstance(member.value, JsonScalar):
        return
    version = member.value.value
    if isinstance(version, str) and version not in VERSIONS and not has_symbol(version):
        yield hit(
            f"There is no version {quoted(version)} of the policy language. Use 2012-10-17.",
            place_of((("value", "Version"),), member.value),
        )
