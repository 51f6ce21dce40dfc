"""AWS STS: roles and their trust policies, and who may call which operation.

Sources: IAM User Guide, "Policy evaluation logic" (a trust policy must allow, in the same account
too), "Request temporary security credentials" and "Compare AWS STS credentials" (which credentials
may call what); AWS STS API Reference, "AssumeRole" (not for the root user), "GetFederationToken"
and "GetSessionToken" (long-term credentials only; what the credentials that they return cannot do),
"GetCallerIdentity" and "GetSessionToken" (need no permission, and none takes it away),
"AssumeRoleWithSAML" and "AssumeRoleWithWebIdentity" (unsigned); Service Authorization Reference,
"AWS Security Token Service" (permission-only actions), and IAM User Guide, "Pass session tags in
AWS STS", "Monitor and control actions taken with assumed roles", "Granting permissions to use
identity-enhanced console sessions" and "Service bearer tokens" (what they accompany).

A permission-only action is not an operation that credentials cannot call: whoever may call what it
accompanies needs a policy that allows it, and nobody else may use it. Session tags, source identity
and context accompany `AssumeRole`; a service asks for its bearer token on behalf of the caller.

External id, source identity, tags and MFA are condition keys of the request: `sts:ExternalId`,
`sts:SourceIdentity`, `aws:RequestTag/…`, `aws:MultiFactorAuthPresent`.
"""

from __future__ import annotations

from revet.iam.evaluate.request import CallerKind
from revet.iam.evaluate.services.rules import ServiceRules

_SESSIONS = frozenset((CallerKind.SESSION, CallerKind.FEDERATED_USER))
_WITH_A_ROLE = frozenset(("sts:setcontext", "sts:setsourceidentity", "sts:tagsession"))
_BEARER = "sts:getservicebearertoken"
_NOT_LONG_TERM = frozenset(
    (*_SESSIONS, CallerKind.SERVICE, CallerKind.PROVIDER, CallerKind.ANONYMOUS)
)

STS = ServiceRules(
    prefix="sts",
    rooted=frozenset(("role",)),
    policy_on=frozenset(("role",)),
    free=frozenset(("sts:getcalleridentity", "sts:getsessiontoken")),
    refused={
        "sts:assumerole": frozenset(
            (CallerKind.ROOT, CallerKind.FEDERATED_USER, CallerKind.ANONYMOUS)
        ),
        "sts:getfederationtoken": _NOT_LONG_TERM,
        "sts:getsessiontoken": _NOT_LONG_TERM,
        "sts:getcalleridentity": frozenset((CallerKind.ANONYMOUS,)),
        # They accompany AssumeRole alone; session tags accompany GetFederationToken, too.
        "sts:setcontext": frozenset((CallerKind.ROOT,)),
        "sts:setsourceidentity": frozenset((CallerKind.ROOT,)),
    },
    unsigned=frozenset(
        (
            "sts:assumerolewithsaml",
            "sts:assumerolewithwebidentity",
            "sts:setsourceidentity",
            "sts:tagsession",
        )
    ),
    federated=frozenset(("sts:getcalleridentity", _BEARER)),
    temporary=frozenset(("sts:assumerole", "sts:getcalleridentity", _BEARER, *_WITH_A_ROLE)),
)
