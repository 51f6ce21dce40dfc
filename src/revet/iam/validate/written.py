"""What a check looks at: a policy, a statement, an action, a resource, a principal, a condition.

They are read from the JSON as written, so that nothing is lost and everything keeps its place;
what does not have the right JSON type is not among them (`DATA_TYPE_MISMATCH` looks at the values).
"""

from __future__ import annotations

from dataclasses import dataclass

from revet.iam.arn_pattern import ArnPattern, read_arn
from revet.iam.document_json import JsonObject, JsonScalar, JsonText
from revet.iam.operators import Operator, read_operator
from revet.iam.policy_type import PolicyType
from revet.iam.reference.actions import match_actions
from revet.iam.reference.conditions import condition_key
from revet.iam.reference.global_keys import GlobalKey, global_keys
from revet.iam.reference.records import Action, ConditionKey
from revet.iam.validate.action_name import ActionName, read_action_name
from revet.iam.validate.lazy import lazy
from revet.iam.validate.place import Key, Place, Text, Value, scalars
from revet.iam.validate.resource_arn import PREFIX, ReadResource


@dataclass(eq=False)
class WrittenAction(Text):
    """One entry of `Action` or `NotAction`.

    Args:
        statement: the statement that holds it.
        negated: it stands in `NotAction`.
        known: what is known of its text.
    """

    statement: WrittenStatement
    negated: bool
    known: ActionName

    @lazy
    def matches(self) -> tuple[Action, ...]:
        """Every action that exists and that it covers."""
        return match_actions(self.text)


@dataclass(eq=False)
class WrittenResource(Text):
    """One entry of `Resource` or `NotResource`.

    Args:
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
        arn = self.arn
        return None if arn is None or arn.prefix != PREFIX else ReadResource(self, arn)


@dataclass(eq=False)
class WrittenPrincipal(Text):
    """One value of `Principal` or `NotPrincipal`.

    Args:
        statement: the statement that holds it.
        negated: it stands in `NotPrincipal`.
        kind: `AWS`, `Service`, …, as written; empty for a bare string.
    """

    statement: WrittenStatement
    negated: bool
    kind: str


@dataclass(eq=False)
class WrittenCondition:
    """One operator with one key and its values.

    Args:
        statement: the statement that holds it.
        under: the operator and the block under it.
        named: the key and its values.
    """

    statement: WrittenStatement
    under: Key
    named: Key

    @property
    def operator_text(self) -> str:
        """The operator as written."""
        return self.under.name

    @property
    def key(self) -> str:
        """The key as written."""
        return self.named.name

    @lazy
    def lower(self) -> str:
        """The key in lower case."""
        return self.key.lower()

    @lazy
    def operator(self) -> Operator | None:
        """The operator's record; None when there is no such operator."""
        return read_operator(self.operator_text)

    @lazy
    def reference(self) -> ConditionKey | None:
        """What is known of the key; None when it does not exist."""
        return condition_key(self.key)

    @lazy
    def global_key(self) -> GlobalKey | None:
        """What is known of the key when it is one of AWS's global keys."""
        if not self.lower.startswith("aws:") or self.reference is None:
            return None
        return global_keys().get(self.reference.name.lower())

    @lazy
    def values(self) -> tuple[Text, ...]:
        """Its scalar values."""
        return tuple(Text(*scalar) for scalar in scalars(self.named.value))

    @property
    def key_place(self) -> Place:
        """Where the key stands."""
        return self.named.place

    @property
    def operator_place(self) -> Place:
        """Where the operator stands."""
        return self.under.place

    @property
    def value_place(self) -> Place:
        """Where all its values stand: the list, or the only one."""
        return self.named.value.place


@dataclass(eq=False)
class WrittenStatement(Value):
    """One statement.

    Args:
        node: the JSON object.
        policy: the policy that holds it.
    """

    node: JsonObject
    policy: WrittenPolicy

    @lazy
    def effect(self) -> str:
        """`Allow`, `Deny`, or what stands there; empty when it is absent or no string."""
        return self.string_of("Effect") or ""

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
            for scalar in scalars(self.elements.get(name))
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
            for scalar in scalars(self.elements.get(name))
        )

    @lazy
    def principals(self) -> tuple[WrittenPrincipal, ...]:
        """Values of `Principal`, then of `NotPrincipal`."""
        found: list[WrittenPrincipal] = []
        for name in ("Principal", "NotPrincipal"):
            value = self.elements.get(name)
            if value is None:
                continue
            kinds = [(key.name, key.value) for key in value.keys] or [("", value)]
            found += [
                WrittenPrincipal(*scalar, self, name == "NotPrincipal", kind)
                for kind, values in kinds
                for scalar in scalars(values)
            ]
        return tuple(found)

    @lazy
    def operators(self) -> tuple[Key, ...]:
        """The operators of its `Condition`, as written."""
        condition = self.elements.get("Condition")
        return () if condition is None else condition.keys

    @lazy
    def conditions(self) -> tuple[WrittenCondition, ...]:
        """Its conditions: one for each operator and key, as written."""
        return tuple(
            WrittenCondition(self, operator, key)
            for operator in self.operators
            for key in operator.value.keys
        )


@dataclass(eq=False)
class WrittenPolicy(Value):
    """A policy.

    Args:
        node: its JSON object.
        json: the text, parsed.
        type: what it is attached to.
        resource_type: CloudFormation type of the resource, for example `AWS::S3::Bucket`; empty
            when it was not said.
    """

    node: JsonObject
    json: JsonText
    type: PolicyType
    resource_type: str

    @lazy
    def version(self) -> str:
        """The language version that holds: AWS takes 2008-10-17 when there is none."""
        version = self.elements.get("Version")
        node = None if version is None else version.node
        return node.text if isinstance(node, JsonScalar) else "2008-10-17"

    @lazy
    def statements(self) -> tuple[WrittenStatement, ...]:
        """Its statements that are JSON objects; AWS takes a single one without a list."""
        value = self.elements.get("Statement")
        return tuple(
            WrittenStatement(item.node, item.path, self)
            for item in ((value, *value.items()) if value is not None else ())
            if isinstance(item.node, JsonObject)
        )
