"""AWS KMS: the key policy is the root of trust.

Sources: AWS KMS Developer Guide, "Key policies in AWS KMS" (without the key policy's consent
policies of IAM do not count, not even for the root user), "Allowing users in other accounts to use
a KMS key", "Controlling access to aliases" (aliases and actions without key are governed by
policies of IAM alone; creating, changing and deleting one needs permission for the alias and for
the key; `Resource` never names a key by its alias), "Retiring and revoking grants", "Grants in AWS
KMS" and "Using grant constraints" (an encryption context is compared with case; the constraint is
about the cryptographic operations that take a context; who may make grants by a grant must
constrain them as much).
"""

from __future__ import annotations

from revet.iam.evaluate.context import Context
from revet.iam.evaluate.policies import Grant
from revet.iam.evaluate.request import Caller, CallerKind, Request
from revet.iam.evaluate.services.rules import ServiceRules
from revet.iam.glob_parts import ANY
from revet.iam.globs import Glob

_CONTEXT = "kms:encryptioncontext:"
_FIELDS = 6
_OF_ALIASES = frozenset(("kms:createalias", "kms:deletealias", "kms:updatealias"))
_CONTEXT_FREE = frozenset(
    (
        "derivesharedsecret",
        "describekey",
        "generatemac",
        "getpublickey",
        "retiregrant",
        "sign",
        "verify",
        "verifymac",
    )
)
"""Operations of grants, in lower case, that take no encryption context."""


def granted(
    grants: tuple[Grant, ...], caller: Caller, action: str, request: Request
) -> bool | None:
    """Whether a grant lets the caller do the action.

    Args:
        grants: the key's grants.
        caller: who asks.
        action: in lower case.
        request: the request; its encryption context appears under `kms:EncryptionContext:NAME`.

    Returns:
        `None` when it is not known.
    """
    name = action.partition(":")[2]
    answers = {
        _fits(grant, name, request)
        for grant in grants
        if _is_for(grant.grantee, caller)
        and name in (operation.lower() for operation in grant.operations)
    }
    return True if True in answers else None if None in answers else False


def _is_for(grantee: str, caller: Caller) -> bool:
    """Whether a grantee is the caller, or the caller's role: its name is unique in the account."""
    if grantee == caller.text:
        return True
    fields = grantee.split(":", _FIELDS - 1)
    if not caller.role or len(fields) < _FIELDS or fields[4] != caller.account:
        return False
    return fields[5].startswith("role/") and fields[5].rpartition("/")[2] == caller.role


def _fits(grant: Grant, name: str, request: Request) -> bool | None:
    if (grant.equals is None and grant.subset is None) or name in _CONTEXT_FREE:
        return True
    if name == "creategrant":
        return None
    given = {
        key[len(_CONTEXT) :]: value
        for key, value in request.context.items()
        if key.lower().startswith(_CONTEXT)
    }
    if grant.equals is not None and given != dict(grant.equals):
        return False
    return all(given.get(key) == value for key, value in grant.subset or ())


def stands_for(request: Request, action: str) -> Glob | None:
    """The keys that a request may mean which names one by its alias."""
    fields = request.resource.split(":", _FIELDS - 1)
    if len(fields) < _FIELDS or not fields[5].startswith("alias/") or action in _OF_ALIASES:
        return None
    return Glob.of((":".join([*fields[:5], "key/"]), ANY))


def doubt(request: Request, caller: Caller, action: str, _context: Context) -> str:
    """Why an allowance may not be one: an alias is changed with permission for it and its key."""
    if action not in _OF_ALIASES or caller.kind is CallerKind.SERVICE:
        return ""
    other = "the key" if ":alias/" in request.resource else "the alias"
    return f"`{request.action}` also needs permission for {other}, which is another request"


KMS = ServiceRules(
    prefix="kms",
    rooted=frozenset(("key",)),
    policy_on=frozenset(("key",)),
    unrestricted=frozenset(("kms:retiregrant",)),
    granted=granted,
    stands_for=stands_for,
    doubt=doubt,
)
