"""What AssumeRole and its like are asked for, checked before anything is decided.

Sources: AWS STS API Reference, AssumeRole; IAM User Guide, "Pass session tags in AWS STS".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from revet.embedded.call import Moto, Principal
from revet.embedded.credentials import ACCOUNT, find_role, iam_backend
from revet.embedded.policies import role_tags
from revet.embedded.wire_error import AwsError
from revet.iam.document import parse_policy
from revet.model.errors import RevetError

_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)
_POLICY_SIZE = 2048
_MOST_POLICIES = 10
_MOST_TAGS = 50
_TAG_KEY = 128
_TAG_VALUE = 256


@dataclass(frozen=True, slots=True)
class Asked:
    """What AssumeRole and its like are asked for, after it was checked.

    Args:
        role: moto's role; none when it does not exist.
        role_arn: as it was asked for.
        name: of the session.
        policies: session policies, JSON texts.
        tags: session tags, with those that an earlier session hands on.
        transitive: keys of tags that go on.
        source_identity: empty without one.
        external_id: empty without one.
    """

    role: Moto | None
    role_arn: str
    name: str
    policies: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    transitive: tuple[str, ...] = ()
    source_identity: str = ""
    external_id: str = ""

    @property
    def actions(self) -> list[str]:
        """What the trust policy must allow besides assuming the role."""
        found = ["TagSession"] if self.tags else []
        return found + (["SetSourceIdentity"] if self.source_identity else [])


def read_asked(parameters: Mapping[str, Any], principal: Principal | None) -> Asked:
    """Check what all ways to assume a role have in common.

    Args:
        parameters: of the operation.
        principal: who asks; none where that is an identity provider.

    Raises:
        AwsError: something is not valid.
    """
    arn = str(parameters.get("RoleArn") or "")
    if not re.fullmatch(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[\x21-\x7e]+", arn):
        raise AwsError("ValidationError", f"{arn} is invalid")
    tags, transitive = session_tags(parameters, principal)
    external_id = str(parameters.get("ExternalId") or "")
    session = principal.session if principal is not None else None
    earlier = session.source_identity if session is not None else ""
    identity = str(parameters.get("SourceIdentity") or "")
    if identity:
        matching(_NAME, identity, "sourceIdentity")
    if earlier and identity not in ("", earlier):
        raise AwsError(
            "AccessDenied",
            "The source identity of a session cannot be changed by a later one.",
            403,
        )
    return Asked(
        find_role(arn),
        arn,
        matching(_NAME, parameters.get("RoleSessionName"), "roleSessionName"),
        session_policies(parameters),
        tags,
        transitive,
        identity or earlier,
        matching(_EXTERNAL_ID, external_id, "externalId") if external_id else "",
    )


def asked_context(asked: Asked) -> dict[str, Any]:
    """The condition keys of assuming a role."""
    return {
        "sts:RoleSessionName": asked.name,
        "sts:ExternalId": asked.external_id or None,
        "sts:SourceIdentity": asked.source_identity or None,
        "sts:TransitiveTagKeys": list(asked.transitive) or None,
        "aws:TagKeys": list(asked.tags) or None,
        **{f"aws:RequestTag/{key}": text for key, text in asked.tags.items()},
        **(role_tags(asked.role) if asked.role is not None else {}),
    }


def matching(pattern: re.Pattern[str], given: object, name: str) -> str:
    """A text that has the form of its parameter.

    Raises:
        AwsError: it has not.
    """
    text = str(given or "")
    if not pattern.fullmatch(text):
        raise AwsError(
            "ValidationError",
            f"1 validation error detected: Value '{text}' at '{name}' failed to satisfy "
            f"constraint: Member must satisfy regular expression pattern: {pattern.pattern}",
        )
    return text


def session_policies(parameters: Mapping[str, Any]) -> tuple[str, ...]:
    """The policies that a session is asked for with, JSON texts.

    Raises:
        AwsError: one of them is not a policy, is too large or does not exist.
    """
    texts = [str(parameters["Policy"])] if parameters.get("Policy") else []
    if texts and len(texts[0]) > _POLICY_SIZE:
        raise AwsError("PackedPolicyTooLarge", "Serialized policy is too large.")
    for text in texts:
        try:
            json.loads(text)
            parse_policy(text)
        except (ValueError, RevetError) as error:
            raise AwsError(
                "MalformedPolicyDocument", "This policy contains invalid Json"
            ) from error
    arns = [str(item.get("arn") or "") for item in parameters.get("PolicyArns") or ()]
    if len(arns) > _MOST_POLICIES:
        raise AwsError("ValidationError", f"at most {_MOST_POLICIES} managed policies are taken")
    return (*texts, *(_managed(arn) for arn in arns))


def _managed(arn: str) -> str:
    parts = (arn.split(":", 5) + [""] * 6)[:6]
    backend = iam_backend(ACCOUNT if parts[4] == "aws" else parts[4], parts[1])
    policy = backend.managed_policies.get(arn) if backend is not None else None
    if policy is None:
        raise AwsError("ValidationError", f"the managed policy {arn} does not exist")
    return str(policy.document)


def session_tags(
    parameters: Mapping[str, Any], principal: Principal | None
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Session tags and the keys of the transitive ones, with what an earlier session hands on."""
    given = [(str(item["Key"]), str(item["Value"])) for item in parameters.get("Tags") or ()]
    tags = dict(given)
    keys = tuple(str(key) for key in parameters.get("TransitiveTagKeys") or ())
    lowered = [key.lower() for key, _ in given]
    if (
        len(given) > _MOST_TAGS
        or len(set(lowered)) != len(given)
        or any(not 0 < len(key) <= _TAG_KEY or len(text) > _TAG_VALUE for key, text in given)
        or any(key.startswith("aws:") for key in lowered)
        or not set(keys) <= set(tags)
    ):
        raise AwsError("ValidationError", "the session tags are not valid")
    session = principal.session if principal is not None else None
    if session is None:
        return tags, keys
    handed_on = {key: session.tags[key] for key in session.transitive}
    if {key.lower() for key in handed_on} & set(lowered):
        raise AwsError(
            "InvalidParameterValue",
            "One of the specified transitive tag keys can't be set because it conflicts with a "
            "transitive tag key from the calling session.",
        )
    return {**tags, **handed_on}, (*keys, *handed_on)
