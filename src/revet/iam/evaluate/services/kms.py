"""AWS KMS: the key policy is the root of trust.

Sources: AWS KMS Developer Guide, "Key policies in AWS KMS" (without the key policy's consent
policies of IAM do not count, not even for the root user), "Allowing users in other accounts to use
a KMS key", "Grants in AWS KMS", "Controlling access to aliases" (aliases and actions without key
are governed by policies of IAM alone), "Retiring and revoking grants".
"""

from __future__ import annotations

from revet.iam.evaluate.context import Context
from revet.iam.evaluate.policies import Grant
from revet.iam.evaluate.request import Caller
from revet.iam.evaluate.services.rules import ServiceRules

_CONTEXT = "kms:encryptioncontext:"


def granted(grants: tuple[Grant, ...], caller: Caller, action: str, context: Context) -> bool:
    """Whether a grant lets the caller do the action.

    Args:
        grants: the key's grants.
        caller: who asks.
        action: in lower case.
        context: the request's; its encryption context stands under `kms:EncryptionContext:NAME`.
    """
    name = action.partition(":")[2]
    texts = {caller.text, caller.role_arn} - {""}
    return any(
        grant.grantee in texts
        and name in (operation.lower() for operation in grant.operations)
        and _fits(grant, context)
        for grant in grants
    )


def _fits(grant: Grant, context: Context) -> bool:
    given = {
        key.removeprefix(_CONTEXT): value
        for key, value in context.items()
        if key.startswith(_CONTEXT)
    }
    if grant.equals is not None:
        return given == {key.lower(): value for key, value in grant.equals}
    return all(given.get(key.lower()) == value for key, value in grant.subset or ())


KMS = ServiceRules(
    prefix="kms",
    rooted=frozenset(("key",)),
    policy_on=frozenset(("key",)),
    unrestricted=frozenset(("kms:retiregrant",)),
    granted=granted,
)
