"""Values of condition keys that keep outsiders out of what a resource policy allows.

Where a request comes from, and for whom, an outsider can say anything but what a policy fixes: one
that demands a certain VPC, organization or range of addresses keeps everybody else out.

Sources: Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage", `The meaning of
"public"`; IAM Access Analyzer API Reference, `CheckNoPublicAccess`; AWS KMS Developer Guide, "AWS
managed keys" (`kms:CallerAccount`); Amazon EFS User Guide, "Using IAM to control file system data
access" (`elasticfilesystem:AccessedViaMountTarget`).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from revet.iam.evaluate.services.s3 import CONFINING, is_fixed
from revet.iam.globs import Glob

_ORGANIZATION = re.compile(r"o-[a-z0-9]+/")


def organization_of(value: object) -> str:
    """The organization that a pattern of paths begins with, with the slash; empty without one."""
    found = _ORGANIZATION.match(value.prefix) if isinstance(value, Glob) else None
    return found.group() if found else ""


def _true(value: object) -> bool:
    return value is True


def _in_organization(value: object) -> bool:
    return bool(organization_of(value))


FIXED: dict[str, Callable[[object], bool]] = {
    **CONFINING,
    **dict.fromkeys(
        (
            "aws:sourceorgid",
            "aws:sourcevpcarn",
            "aws:vpceaccount",
            "aws:vpceorgid",
            "kms:calleraccount",
        ),
        is_fixed,
    ),
    **dict.fromkeys(
        ("aws:principalorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths"), _in_organization
    ),
    "elasticfilesystem:accessedviamounttarget": _true,
}
"""The keys whose values can be fixed, with what such a value is like."""
