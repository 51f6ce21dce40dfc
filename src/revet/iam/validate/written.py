"""What a check looks at: a policy, a statement, an action, a resource, a principal, a condition.

Subjects are read from the JSON as written, so that nothing is lost and everything keeps its place;
what does not have the right JSON type is not among them (`DATA_TYPE_MISMATCH` looks at the nodes).
"""

from __future__ import annotations

from dataclasses import dataclass

from revet.iam.arn_pattern import ArnPattern, read_arn
from revet.iam.document_json import (
    JsonArray,
    JsonNode,
    JsonObject,
    JsonScalar,
    JsonText,
    Member,
)
from revet.iam.operators import UsedOperator, read_operator
from revet.iam.reference.actions import match_actions
from revet.iam.reference.conditions import condition_key
from revet.iam.reference.global_keys import GlobalKey, global_keys
from revet.iam.reference.records import Action, ConditionKey
from revet.iam.reference.tables import Service
from revet.iam.validate.action_name import ActionName, read_action_name
from revet.iam.validate.lazy import lazy
from revet.iam.validate.place import Path, Place, Text, place_of, place_of_key, read_texts, scalars
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.resource_arn import ReadResource, read_resource


class _Lazy:
    """Slotless, so that `lazy` works."""


@dataclass(eq=False)
class WrittenAction(Text, _Lazy):
    """One entry of `Action` or `NotAction`.

    Args:
        node: the JSON value.
        path: where it stands.
        text: the string.
        statement: the statement that holds it.
        negated: it stands in `NotAction`.
        known: what is known of its text.
    """

    statement: WrittenStatement
    negated: bool
    known: ActionName

    @property
    def prefix(self) -> str:
        """The service as written, before the colon; all of it when there is no colon."""
        return self.known.prefix

    @property
    def name(self) -> str:
        """The action as written, after the colon; empty when there is no colon."""
        return self.known.name

    @property
    def has_wildcard(self) -> bool:
        """Whether `*` or `?` stands in it."""
        return self.known.has_wildcard

    @property
    def service(self) -> Service | None:
        """The service's reference data; None when it does not exist or holds a wildcard."""
        return self.known.service

    @lazy
    def matches(self) -> tuple[Action, ...]:
        """Every action that exists and that it covers."""
        return match_actions(self.text)


@dataclass(eq=False)
class WrittenResource(Text, _Lazy):
    """One entry of `Resource` or `NotResource`.

    Args:
        node: the JSON value.
        path: where it stands.
        text: the string.
        statement: the statement that holds it.
        negated: it stands in `NotResource`.
    """

    statement: WrittenStatement
    negated: bool

    @lazy
    def arn(self) -> ArnPattern | None:
        """Its parts; None when it is `*` or has fewer than six fields."""
        return read_arn(self.text)

    @lazy
    def read(self) -> ReadResource | None:
        """What is known of its ARN; None when it is none."""
        return read_resource(self, self.arn)


@dataclass(eq=False)
class WrittenPrincipal(Text, _Lazy):
    """One value of `Principal` or `NotPrincipal`.

    Args:
        node: the JSON value.
        path: where it stands.
        text: the string.
        statement: the statement that holds it.
        negated: it stands in `NotPrincipal`.
        kind: `AWS`, `Service`, …, as written; empty for a bare string.
        member: the member that holds it; None for a bare string.
    """

    statement: WrittenStatement
    negated: bool
    kind: str
    member: Member | None


@dataclass(eq=False)
class WrittenCondition(_Lazy):
    """One operator with one key and its values.

    Args:
        statement: the statement that holds it.
        operator_member: the operator and the block under it.
        member: the key and its values.
        path: of the block under the operator; the values' path is this and the key.
    """

    statement: WrittenStatement
    operator_member: Member
    member: Member
    path: Path

    @property
    def operator_text(self) -> str:
        """The operator as written."""
        return self.operator_member.name

    @property
    def key(self) -> str:
        """The key as written."""
        return self.member.name

    @lazy
    def lower(self) -> str:
        """The key in lower case."""
        return self.member.name.lower()

    @lazy
    def operator(self) -> UsedOperator | None:
        """The operator's record; None when there is no such operator."""
        return read_operator(self.operator_member.name)

    @lazy
    def reference(self) -> ConditionKey | None:
        """What is known of the key; None when it does not exist."""
        return condition_key(self.member.name)

    @lazy
    def global_key(self) -> GlobalKey | None:
        """What is known of the key when it is one of AWS's global keys."""
        if not self.lower.startswith("aws:") or self.reference is None:
            return None
        return global_keys().get(self.reference.name.lower())

    @lazy
    def values(self) -> tuple[Text, ...]:
        """Its scalar values."""
        return read_texts(self.member.value, (*self.path, ("value", self.member.name)))

    @property
    def key_place(self) -> Place:
        """Where the key stands."""
        return place_of_key(self.path, self.member)

    @property
    def operator_place(self) -> Place:
        """Where the operator stands."""
        return place_of_key(self.path[:-1], self.operator_member)

    @property
    def value_place(self) -> Place:
        """Where all its values stand: the list, or the only one."""
        return place_of((*self.path, ("value", self.member.name)), self.member.value)


@dataclass(eq=False)
class WrittenStatement(_Lazy):
    """One statement.

    Args:
        policy: the policy that holds it.
        node: the JSON object.
        path: where it stands.
        index: its number, counted from 0.
    """

    policy: WrittenPolicy
    node: JsonObject
    path: Path
    index: int

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.path, self.node.start, self.node.end)

    @lazy
    def members(self) -> dict[str, Member]:
        """Its elements by name; the last one where a name stands twice."""
        return {member.name: member for member in self.node.members}

    def element(self, name: str) -> JsonNode | None:
        """The value of an element, or None."""
        member = self.members.get(name)
        return None if member is None else member.value

    def element_place(self, name: str) -> Place:
        """Where the value of an element stands; the statement when it is absent."""
        member = self.members.get(name)
        if member is None:
            return self.place
        return place_of((*self.path, ("value", name)), member.value)

    def key_place(self, name: str) -> Place:
        """Where the name of an element stands; the statement when it is absent."""
        member = self.members.get(name)
        return self.place if member is None else place_of_key(self.path, member)

    @lazy
    def effect(self) -> str:
        """`Allow`, `Deny`, or what stands there; empty when it is absent or no string."""
        node = self.element("Effect")
        return node.value if isinstance(node, JsonScalar) and isinstance(node.value, str) else ""

    @property
    def allows(self) -> bool:
        """Whether its effect is `Allow`."""
        return self.effect == "Allow"

    @property
    def denies(self) -> bool:
        """Whether its effect is `Deny`."""
        return self.effect == "Deny"

    @lazy
    def actions(self) -> tuple[WrittenAction, ...]:
        """Entries of `Action`, then of `NotAction`."""
        return tuple(
            WrittenAction(*scalar, self, name == "NotAction", read_action_name(scalar[2]))
            for name in ("Action", "NotAction")
            if name in self.members
            for scalar in scalars(self.element(name), (*self.path, ("value", name)))
        )

    @lazy
    def wild_actions(self) -> tuple[WrittenAction, ...]:
        """Those of its actions that have a wildcard."""
        return tuple(action for action in self.actions if action.known.has_wildcard)

    @lazy
    def resources(self) -> tuple[WrittenResource, ...]:
        """Entries of `Resource`, then of `NotResource`."""
        return tuple(
            WrittenResource(*scalar, self, name == "NotResource")
            for name in ("Resource", "NotResource")
            if name in self.members
            for scalar in scalars(self.element(name), (*self.path, ("value", name)))
        )

    @lazy
    def principals(self) -> tuple[WrittenPrincipal, ...]:
        """Values of `Principal`, then of `NotPrincipal`."""
        found: list[WrittenPrincipal] = []
        for name in ("Principal", "NotPrincipal"):
            node = self.element(name)
            if node is None:
                continue
            path: Path = (*self.path, ("value", name))
            negated = name == "NotPrincipal"
            if isinstance(node, JsonObject):
                for member in node.members:
                    steps: Path = (*path, ("value", member.name))
                    found += [
                        WrittenPrincipal(*scalar, self, negated, member.name, member)
                        for scalar in scalars(member.value, steps)
                    ]
            else:
                found += [
                    WrittenPrincipal(*scalar, self, negated, "", None)
                    for scalar in scalars(node, path)
                ]
        return tuple(found)

    @lazy
    def conditions(self) -> tuple[WrittenCondition, ...]:
        """Its conditions: one for each operator and key, as written."""
        node = self.element("Condition")
        if not isinstance(node, JsonObject):
            return ()
        path: Path = (*self.path, ("value", "Condition"))
        return tuple(
            WrittenCondition(self, operator, member, (*path, ("value", operator.name)))
            for operator in node.members
            if isinstance(operator.value, JsonObject)
            for member in operator.value.members
        )


@dataclass(eq=False)
class WrittenPolicy(_Lazy):
    """A policy.

    Args:
        json: the text, parsed.
        root: its object.
        type: what it is attached to.
        resource_type: CloudFormation type of the resource, for example `AWS::S3::Bucket`; empty
            when it was not said.
    """

    json: JsonText
    root: JsonObject
    type: PolicyType
    resource_type: str

    @property
    def place(self) -> Place:
        """The document as a whole."""
        return Place((), self.root.start, self.root.end)

    @lazy
    def members(self) -> dict[str, Member]:
        """Its elements by name; the last one where a name stands twice."""
        return {member.name: member for member in self.root.members}

    @lazy
    def version(self) -> str:
        """The language version that holds: AWS takes 2008-10-17 when there is none."""
        member = self.members.get("Version")
        node = None if member is None else member.value
        return node.text if isinstance(node, JsonScalar) else "2008-10-17"

    @lazy
    def statements(self) -> tuple[WrittenStatement, ...]:
        """Its statements that are JSON objects; AWS takes a single one without a list."""
        member = self.members.get("Statement")
        if member is None:
            return ()
        path: Path = (("value", "Statement"),)
        if isinstance(member.value, JsonArray):
            return tuple(
                WrittenStatement(self, item, (*path, ("index", number)), number)
                for number, item in enumerate(member.value.items)
                if isinstance(item, JsonObject)
            )
        if isinstance(member.value, JsonObject):
            return (WrittenStatement(self, member.value, path, 0),)
        return ()
