"""What is taken out of an account picture, to see whether an answer rests on it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from revet.iam.account import AccountPicture, NamedPolicy, PrincipalPicture, ResourcePicture
from revet.iam.document import Statement
from revet.iam.evaluate.attached import Layer
from revet.iam.prove.bearing import LAYERS
from revet.model.attack import Guard
from revet.model.errors import InputError

_Held: TypeAlias = tuple[str, Layer, NamedPolicy | None]
"""Who carries a policy, in which layer."""


@dataclass(frozen=True, slots=True)
class Removal:
    """What is taken out.

    Args:
        policies: names of whole policies.
        statements: names of policies, each with the place of a statement in it.
        conditions: those, each with a condition key in lower case.
        settings: names of buckets, each with a setting of their public access block.
        limits: names of what carries policies, each with a layer that limits it no longer.
        reach: all that is gone with these, down to conditions.
    """

    policies: frozenset[str] = frozenset()
    statements: frozenset[tuple[str, int]] = frozenset()
    conditions: frozenset[tuple[str, int, str]] = frozenset()
    settings: frozenset[tuple[str, str]] = frozenset()
    limits: frozenset[tuple[str, Layer]] = frozenset()
    reach: frozenset[tuple[object, ...]] = frozenset()

    def __or__(self, other: Removal) -> Removal:
        """Both together."""
        return Removal(
            self.policies | other.policies,
            self.statements | other.statements,
            self.conditions | other.conditions,
            self.settings | other.settings,
            self.limits | other.limits,
            self.reach | other.reach,
        )

    def layers_of(self, *carriers: str) -> frozenset[Layer]:
        """The layers in which these are not limited any more."""
        return frozenset(layer for name, layer in self.limits if name in carriers)


def removal_of(picture: AccountPicture, at: Collection[str], guard: Guard) -> Removal:
    """What a guard means in an account.

    Args:
        picture: the account.
        at: the names and ARNs that `guard.at` may mean.
        guard: how it is named.

    Raises:
        InputError: the account has no such thing, or it is not clear which one is meant.
    """
    if guard.setting:
        return _setting(picture, at, guard)
    held = [(name, layer, one) for name, layer, one in _held(picture, at) if _wanted(guard, layer)]
    carriers = dict.fromkeys(name for name, _, _ in held)
    policies = {one.name: one for _, _, one in held if one is not None}
    named = {one.name: one for _, _, one in _everywhere(picture) if one and one.name in at}
    if guard.sid:
        return _statement(policies or named, guard)
    if guard.layer and carriers:
        return _limit(LAYERS[guard.layer], carriers, policies.values())
    if named and not guard.layer:
        return Removal(
            policies=frozenset(named), reach=frozenset().union(*map(_whole, named.values()))
        )
    if carriers:
        raise _refused(guard, "`layer`, `sid` or `setting` beside it", "say what of it is meant")
    raise _refused(guard, "a principal, resource, VPC endpoint or policy", "correct the name")


def without(picture: AccountPicture, removal: Removal) -> AccountPicture:
    """The account without it; the limits are taken off where the policies are put together."""

    def left(one: NamedPolicy | None) -> NamedPolicy | None:
        return None if one is None or one.name in removal.policies else _cut(one, removal)

    def all_left(policies: tuple[NamedPolicy, ...]) -> tuple[NamedPolicy, ...]:
        return tuple(found for one in policies if (found := left(one)) is not None)

    def of_principal(one: PrincipalPicture) -> PrincipalPicture:
        return replace(
            one, policies=all_left(one.policies), boundary=left(one.boundary), trust=left(one.trust)
        )

    def of_resource(one: ResourcePicture) -> ResourcePicture:
        off = {setting: False for name, setting in removal.settings if name == one.name}
        block = one.public_access_block
        return replace(
            one,
            policy=left(one.policy),
            public_access_block=replace(block, **off) if block is not None else None,
        )

    organization = picture.organization
    if organization is not None:
        nodes = {
            name: replace(
                node,
                service_control_policies=all_left(node.service_control_policies),
                resource_control_policies=all_left(node.resource_control_policies),
            )
            for name, node in organization.nodes.items()
        }
        organization = replace(organization, nodes=nodes)
    return replace(
        picture,
        principals={name: of_principal(one) for name, one in picture.principals.items()},
        resources={name: of_resource(one) for name, one in picture.resources.items()},
        organization=organization,
        endpoint_policies={
            name: found
            for name, one in picture.endpoint_policies.items()
            if (found := left(one)) is not None
        },
    )


def _wanted(guard: Guard, layer: Layer) -> bool:
    return not guard.layer or LAYERS[guard.layer] is layer


def _everywhere(picture: AccountPicture) -> Iterator[_Held]:
    for principal in picture.principals.values():
        yield principal.name, Layer.IDENTITY, None
        for policy in principal.policies:
            yield principal.name, Layer.IDENTITY, policy
        yield principal.name, Layer.BOUNDARY, principal.boundary
        yield principal.name, Layer.RESOURCE, principal.trust
    for resource in picture.resources.values():
        yield resource.name, Layer.RESOURCE, resource.policy
    for name, policy in picture.endpoint_policies.items():
        yield name, Layer.ENDPOINT, policy
    if picture.organization is not None:
        for node in picture.organization.nodes.values():
            for policy in node.service_control_policies:
                yield node.name, Layer.SCP, policy
            for policy in node.resource_control_policies:
                yield node.name, Layer.RCP, policy


def _held(picture: AccountPicture, at: Collection[str]) -> Iterator[_Held]:
    """The policies of the carriers that are meant, each with its layer."""
    arns = {one.arn: one.name for one in picture.principals.values()}
    arns |= {one.arn: one.name for one in picture.resources.values()}
    names = {arns.get(text, text) for text in at}
    names |= {
        one.name
        for one in picture.resources.values()
        if one.type == "AWS::S3::Bucket" and one.arn.rpartition(":")[2] in at
    }
    if picture.organization is not None:
        nodes = picture.organization.nodes.values()
        names |= {node.name for node in nodes if node.account and node.account in at}
    return (held for held in _everywhere(picture) if held[0] in names)


def _setting(picture: AccountPicture, at: Collection[str], guard: Guard) -> Removal:
    for name in {name for name, _, _ in _held(picture, at)}:
        resource = picture.resources.get(name)
        block = resource.public_access_block if resource is not None else None
        if block is not None and getattr(block, guard.setting):
            found = (name, guard.setting)
            return Removal(settings=frozenset((found,)), reach=frozenset((("setting", *found),)))
    raise _refused(guard, "a bucket that has the setting on", "correct the name")


def _limit(layer: Layer, carriers: Collection[str], policies: Collection[NamedPolicy]) -> Removal:
    """A layer taken off; but for identity policies, that is what is left without its policies."""
    reach: frozenset[tuple[object, ...]] = frozenset().union(*map(_whole, policies))
    if layer is Layer.IDENTITY or not policies:
        reach |= {("limit", name, layer) for name in carriers}
    return Removal(limits=frozenset((name, layer) for name in carriers), reach=reach)


def _statement(policies: dict[str, NamedPolicy], guard: Guard) -> Removal:
    found = [
        (one.name, place, statement)
        for one in policies.values()
        for place, statement in enumerate(one.document.statements)
        if statement.sid == guard.sid
    ]
    if len(found) != 1:
        raise _refused(
            guard,
            "one statement of that id" if found else "a policy with such a statement",
            "name the policy, or the layer" if found else "correct the name",
        )
    [(name, place, statement)] = found
    if not guard.condition:
        reach = frozenset(_parts(name, place, statement))
        return Removal(statements=frozenset(((name, place),)), reach=reach)
    key = guard.condition.lower()
    if key not in {condition.key.lower() for condition in statement.conditions}:
        raise _refused(guard, "a condition of the statement", "correct the key")
    return Removal(
        conditions=frozenset(((name, place, key),)), reach=frozenset(((name, place, key),))
    )


def _whole(policy: NamedPolicy) -> frozenset[tuple[object, ...]]:
    statements = enumerate(policy.document.statements)
    parts = [part for place, one in statements for part in _parts(policy.name, place, one)]
    return frozenset(((policy.name,), *parts))


def _parts(name: str, place: int, statement: Statement) -> Iterator[tuple[object, ...]]:
    yield name, place
    for condition in statement.conditions:
        yield name, place, condition.key.lower()


def _cut(policy: NamedPolicy, removal: Removal) -> NamedPolicy:
    kept = []
    for place, statement in enumerate(policy.document.statements):
        if (policy.name, place) in removal.statements:
            continue
        conditions = tuple(
            one
            for one in statement.conditions
            if (policy.name, place, one.key.lower()) not in removal.conditions
        )
        kept.append(replace(statement, conditions=conditions))
    return replace(policy, document=replace(policy.document, statements=tuple(kept)))


def _refused(guard: Guard, expected: str, do: str) -> InputError:
    return InputError("no such guard or grant", got=str(guard), expected=expected, do=do)
