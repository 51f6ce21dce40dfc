"""ARNs for what does not exist yet, so that requests can be made to it.

A reference to an ARN that the plan says becomes this ARN, and every other reference to an attribute
a text of its own. What holds for these texts is taken to hold for the ones that the deployment will
give, which is an assumption where policies write out names that could be among them.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from revet.iam.account import (
    AccountPicture,
    NamedPolicy,
    Organization,
    PrincipalKind,
    PrincipalPicture,
    ResourcePicture,
)
from revet.iam.document import PolicyDocument, parse_policy
from revet.iam.symbol import is_exact, replace_symbols, symbols

SOME_ACCOUNT = "111122223333"
_WORDS = re.compile(r"[^A-Za-z0-9]+")
_KINDS = {
    PrincipalKind.USER: "user",
    PrincipalKind.GROUP: "group",
    PrincipalKind.ROLE: "role",
    PrincipalKind.PERMISSION_SET: "role",
}
_OF_THE_CALLER = re.compile(
    r"(?:^|\.)data\.(?:(aws_caller_identity)\..*\.account_id|aws_partition\..*\.partition)$"
)
_NAMES = frozenset(("bucket", "id", "name"))
_CALLER = re.compile(r"(?:^|\.)data\.aws_caller_identity\.[\w-]+(?:\[0\])?$")
_ACCOUNT_IDS = frozenset(("account_id", "id"))
_NAMING = frozenset(("Resource", "NotResource", "Principal", "NotPrincipal"))
_PARTS = {"iam": "role/", "kms": "key/"}
_SERVICES = {"cloudwatch": "logs", "cloudtrail": "cloudtrail"}


class Ground:
    """A picture without references.

    Args:
        picture: the picture.
    """

    def __init__(self, picture: AccountPicture) -> None:
        self.account = picture.account or SOME_ACCOUNT
        self._expected = picture.expected
        self._texts: dict[str, str] = {}
        for principal in picture.principals.values():
            name = f"{_KINDS[principal.kind]}/{_slug(principal.name)}"
            self._name(principal.arn, f"arn:aws:iam::{self.account}:{name}")
        for resource in picture.resources.values():
            self._name(resource.arn, self._arn(resource.type.split("::")[1].lower(), resource.name))
        self.picture = replace(
            picture,
            account=self.account,
            principals={n: self._principal(one) for n, one in picture.principals.items()},
            resources={n: self._resource(one) for n, one in picture.resources.items()},
            organization=self._organization(picture.organization),
            endpoint_policies={
                name: NamedPolicy(name, self.document(one.document))
                for name, one in picture.endpoint_policies.items()
            },
        )
        self._referred = frozenset(self._texts)

    def document(self, document: PolicyDocument) -> PolicyDocument:
        """A policy with texts in place of references.

        A resource or principal of which it is not known whether it is an ARN stays a reference.
        """
        if "${" not in document.text:
            return document
        try:
            content = json.loads(document.text)
        except (ValueError, RecursionError):  # what only our own reader takes stays as it is
            return document
        return parse_policy(self._filled(content, ""))

    def _filled(self, value: Any, element: str) -> Any:  # noqa: ANN401 - JSON
        if isinstance(value, dict):
            inner = element in _NAMING
            return {
                self.text(key): self._filled(one, element if inner else key)
                for key, one in value.items()
            }
        if isinstance(value, list):
            return [self._filled(one, element) for one in value]
        if not isinstance(value, str):
            return value
        text = self.text(value)
        return text if element not in _NAMING or text.startswith("arn:") else value

    def shown(self, text: str) -> str:
        """A text for people, with the references that its parts stand for."""
        for inner, made in sorted(self._texts.items(), key=lambda pair: -len(pair[1])):
            text = text.replace(made, f"${{{inner}}}")
        return text

    def guessed(self) -> list[tuple[str, str]]:
        """The references, with their texts, that are asked about and that the picture has not."""
        made_up = (pair for pair in self._texts.items() if pair[0] not in self._expected)
        return [pair for pair in made_up if pair[0] not in self._referred]

    def text(self, value: str) -> str:
        """A value of a policy with texts in place of references."""
        return replace_symbols(value, self._text_of)

    def _text_of(self, inner: str) -> str:
        if not is_exact(inner):
            return self._keep(inner, _slug(inner))
        address, _, attribute = inner.rpartition(".")
        if inner in self._expected and inner not in self._texts:
            self._texts[inner] = self.text(self._expected[inner])
        if attribute in _ACCOUNT_IDS and _CALLER.search(address):
            return self.account
        if inner not in self._texts and attribute == "arn":
            words = address.split(".")[-2].split("_") if "." in address else ["aws", "other"]
            service = _SERVICES.get(words[1], words[1]) if len(words) > 1 else "other"
            self._keep(inner, self._arn(service, address))
        if caller := _OF_THE_CALLER.search(inner):
            return self._keep(inner, self.account if caller[1] else "aws")
        whole = f"{address}.arn"
        if attribute in _NAMES and whole in self._expected:
            self._text_of(whole)
        arn = self._texts.get(whole, "") if attribute in _NAMES else ""
        if arn:  # the name in an ARN that is made up already
            return self._texts.setdefault(inner, re.split("[:/]", arn)[-1])
        return self._keep(inner, _slug(inner))

    def _keep(self, inner: str, text: str) -> str:
        """The text of a reference; no two have the same."""
        if inner not in self._texts:
            taken = set(self._texts.values())
            same = (f"{text}-{number}" for number in range(2, len(taken) + 3))
            self._texts[inner] = (
                text if text not in taken else next(t for t in same if t not in taken)
            )
        return self._texts[inner]

    def _name(self, arn: str, text: str) -> None:
        for inner in symbols(arn):
            if inner in self._expected:
                self._text_of(inner)
            elif arn == f"${{{inner}}}":
                self._keep(inner, text)

    def _arn(self, service: str, name: str) -> str:
        place = {"s3": ":", "iam": f":{self.account}"}.get(service, f"us-east-1:{self.account}")
        kind = "user/" if ".aws_iam_user." in f".{name}" else _PARTS.get(service, "")
        return f"arn:aws:{service}:{place}:{kind}{_slug(name)}"

    def _policy(self, policy: NamedPolicy | None) -> NamedPolicy | None:
        return None if policy is None else NamedPolicy(policy.name, self.document(policy.document))

    def _policies(self, policies: tuple[NamedPolicy, ...]) -> tuple[NamedPolicy, ...]:
        return tuple(found for one in policies if (found := self._policy(one)) is not None)

    def _principal(self, principal: PrincipalPicture) -> PrincipalPicture:
        return replace(
            principal,
            arn=self.text(principal.arn),
            policies=self._policies(principal.policies),
            boundary=self._policy(principal.boundary),
            trust=self._policy(principal.trust),
        )

    def _resource(self, resource: ResourcePicture) -> ResourcePicture:
        return replace(resource, arn=self.text(resource.arn), policy=self._policy(resource.policy))

    def _organization(self, organization: Organization | None) -> Organization | None:
        if organization is None:
            return None
        nodes = {
            name: replace(
                node,
                service_control_policies=self._policies(node.service_control_policies),
                resource_control_policies=self._policies(node.resource_control_policies),
            )
            for name, node in organization.nodes.items()
        }
        return replace(organization, nodes=nodes)


def _slug(text: str) -> str:
    return _WORDS.sub("-", text).strip("-").lower()
