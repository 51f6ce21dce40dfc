"""Which resource an attribute means: by what it refers to, or by an equal known name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias, TypeGuard

from revet.iam.reference.aws_policies import is_aws_policy
from revet.model.work import spend
from revet.plan.address import instance_address, parse_instance
from revet.plan.expression import (
    Derived,
    Expression,
    Opaque,
    TupleExpression,
    is_local,
    one_reference,
    references,
)
from revet.plan.join_results import Join, Members
from revet.plan.kinds import attribute_kind
from revet.plan.local_values import behind_local_value
from revet.plan.name_index import SameNamed, index_names
from revet.plan.naming import (
    argument_of,
    lead_of,
    meant,
    names_of,
    names_one,
    stands_for_one,
)
from revet.plan.resource import Resource
from revet.plan.strength import is_carried, names_resource
from revet.plan.terraform_types import terraform_type, variants
from revet.plan.values import Computed, Undecided, Unknown, Unread

_REFER = "refer to the resource instead of writing its name"
_MOST_STEPS = 32
"""References and names that are followed one after another."""


Way: TypeAlias = tuple[str, ...]
"""The attributes that were followed so far, `aws_kms_alias.a.target_key_id`."""


class Joiner:
    """Answers which resource an attribute means.

    Args:
        resources: all managed instances, by address.
        data: all data instances, by address.
    """

    def __init__(self, resources: Mapping[str, Resource], data: Mapping[str, Resource]) -> None:
        self._resources = resources
        self._data = data
        self._by_name: dict[str, list[Resource]] | None = None
        self._named: dict[tuple[str, str], SameNamed] = {}
        self._may_be: dict[tuple[tuple[str, ...], str], frozenset[str] | None] = {}
        self._unnamed: dict[str, tuple[frozenset[str], Undecided | None]] = {
            "": (frozenset(), None)
        }

    def join(self, resource: Resource, path: str, value: object = None) -> Join:
        """What the attribute under a path means.

        Args:
            resource: whose attribute.
            path: as in `Resource.get`.
            value: its value when it was read already.
        """
        value = resource.get(path) if value is None else value
        wanted = meant(path)
        expression = resource.expression(path)
        if value is None or isinstance(value, Computed):
            return Join()
        way = (f"{resource.address}.{path}",)
        if isinstance(value, Undecided):
            return self._by_expression(expression, wanted, value, way)
        if value == "" and path in terraform_type(resource.type).part_of:
            return Join(None, _nameless(way[0]), None)
        if isinstance(value, str) and value:
            owner = terraform_type(resource.type).part_of.get(path, "")
            return self._by_value(resource, value, wanted or owner, expression, way)
        return Join()

    def join_all(self, resource: Resource, path: str) -> tuple[Join, ...]:
        """What each element under a path means; one for an attribute that is no list.

        A list that is not known but refers to resources alone (`[aws_subnet.a.id, aws_subnet.b.id]`
        or `aws_subnet.s[*].id` in HCL syntax) gives all of them: the plan does not show a smaller
        choice.
        """
        value = resource.get(path)
        if isinstance(value, list):
            return tuple(self.join(resource, f"{path}.{i}", item) for i, item in enumerate(value))
        if isinstance(value, Undecided) and not isinstance(value, Computed):
            wanted = meant(path)
            expression = resource.expression(path)
            way = (f"{resource.address}.{path}",)
            if isinstance(expression, TupleExpression):
                return tuple(
                    self._by_expression(item, wanted, value, way) for item in expression.items
                )
            found = self._listed(expression, wanted, value) if _is_list(resource, path) else None
            if found is not None and found.every:
                return tuple(map(Join, found.resources))
        return (self.join(resource, path, value),)

    def members(self, resource: Resource, path: str) -> Members | None:
        """What a list holds that a plan of HCL shows only by its references.

        Args:
            resource: whose list.
            path: of the list.

        Returns:
            `None` for a list that is known, or of which something may be anything.
        """
        value = resource.get(path)
        expression = resource.expression(path)
        if not isinstance(value, Undecided) or isinstance(value, Computed):
            return None
        return self._listed(expression, meant(path), value)

    def candidates(self, resource: Resource, path: str) -> tuple[Resource, ...]:
        """The resources of which an attribute certainly is one; none when it may be another.

        An expression that chooses between attributes, none of them twice, is one of them: with an
        attribute that is there twice, one may stand in a condition, and the value be null.
        """
        value = resource.get(path)
        expression = resource.expression(path)
        if not isinstance(value, Undecided) or isinstance(value, Computed) or expression is None:
            return ()
        if isinstance(expression, Opaque) and not is_local(expression):
            names = expression.references
            found = [self.referred(name, meant(path), value) for name in names]
            kept = tuple(item for item in found if item is not None)
            apart = len({item.address for item in kept}) == len(names)
            return kept if apart else ()
        way = (f"{resource.address}.{path}",)
        one = self._by_expression(expression, meant(path), value, way).found
        return (one,) if one is not None else ()

    def referred(self, name: str, wanted: str, doubt: Undecided) -> Resource | None:
        """What a full reference means; `None` when it may be anything."""
        named = self.resource(name)
        if named is None or is_carried(name):
            return None
        return self._followed(named, name, wanted, doubt, ()).found

    def _listed(
        self, expression: Expression | None, wanted: str, doubt: Undecided
    ) -> Members | None:
        if isinstance(expression, Derived):
            names: tuple[str, ...] = (expression.text,)
        elif isinstance(expression, Opaque) and not expression.text:
            names = expression.references
        else:
            return None
        found: list[Resource] = []
        for name in names:
            kept = self.referred(name, wanted, doubt)
            if kept is None:
                return None
            found.append(kept)
        certain = isinstance(expression, Derived) or not expression.others
        return Members(tuple(found), certain) if found else None

    def by_arn(self, text: str) -> Resource | None:
        """The resource whose known ARN or id a text is, or is below of."""
        found = self.all_by_arn(text)
        return found[0] if len(found) == 1 else None

    def all_by_arn(self, text: str) -> Sequence[Resource]:
        """The resources whose known ARN, id or name a text is, or is below of."""
        found = self.named(text)
        while not found and text.startswith("arn:"):
            head, _, _ = text.rpartition("/")
            if not head:
                head, _, _ = text.rpartition(":")
            if not head or head == text:
                break
            text = head
            found = self.named(text)
        return found

    def is_data(self, text: str) -> bool:
        """Whether a reference means a data source of the plan."""
        return instance_address(text) in self._data

    def resource(self, text: str) -> Resource | None:
        """The managed resource that an address with an attribute behind it means."""
        address = instance_address(text)
        return self._resources.get(address)

    def named(self, value: str, wanted: str = "") -> Sequence[Resource]:
        """The resources that a known id, name or ARN may mean."""
        return self._of_name(value, wanted).items

    def _of_name(self, value: str, wanted: str) -> SameNamed:
        key = (value, wanted)
        if key not in self._named:
            if self._by_name is None:
                self._by_name = index_names(self._resources.values())
            found = self._by_name.get(value, [])
            if wanted:
                alike_ones = [item for item in found if item.type in variants(wanted)]
                found = alike_ones or [
                    item for item in found if meant(lead_of(item.type)) == wanted
                ]
            self._named[key] = SameNamed(found)
        return self._named[key]

    def _by_value(
        self,
        resource: Resource,
        value: str,
        wanted: str,
        expression: Expression | None,
        way: Way,
    ) -> Join:
        found = self._of_name(value, wanted)
        if found.others(resource) > 1:
            near = found.near(resource.provider_region)
            if near is not None and near.others(resource):
                found = near
        count = found.others(resource)
        doubt = Unknown(
            f"{resource.address}",
            f"`{value}` is the name of several resources",
            _REFER,
        )
        if count == 1:
            only = found.other(resource)
            return self._followed(only, only.address, wanted, doubt, way)
        strong = self._by_expression(expression, wanted, doubt, way) if expression else Join()
        if strong.found is not None:
            return strong
        if count:
            return Join(None, doubt, found.addresses)
        return self._perhaps(value, wanted)

    def _perhaps(self, value: str, wanted: str) -> Join:
        """A name that none of the plan's has, but one may get: one whose name is not known yet.

        Names that AWS or the provider makes up cannot be written down before they are made, and
        what AWS manages is nobody's own.
        """
        if is_aws_policy(value):
            return Join()
        if wanted not in self._unnamed:
            spend(len(self._resources))
            alike = variants(wanted)
            found = {
                item.address: Unread(item.address, name.why, name.resolve)
                if isinstance(name, Unread)
                else Unknown(item.address, "its name is known after apply", _REFER)
                for item in self._resources.values()
                if item.type in alike
                for name in map(item.get, names_of(item))
                if _is_open(name)
            }
            first = min(found, default="")
            self._unnamed[wanted] = (frozenset(found), found.get(first))
        unnamed, reason = self._unnamed[wanted]
        if reason is None:
            return Join()
        why = f"{reason.why}, and `{value}` may be it"
        return Join(None, type(reason)(reason.path, why, reason.resolve), unnamed)

    def _by_expression(
        self, expression: Expression | None, wanted: str, doubt: Undecided, way: Way
    ) -> Join:
        text = one_reference(expression) if expression is not None else ""
        if text:
            found = self.resource(text)
            if found is not None:
                return self._followed(found, text, wanted, doubt, way)
        names = references(expression) if expression is not None else ()
        if not names:
            return Join(None, doubt, None)
        if expression is not None and is_local(expression):
            return self._by_local(names, wanted, doubt)
        return Join(None, doubt, self._candidates(names, wanted, doubt, way))

    def _by_local(self, names: tuple[str, ...], wanted: str, doubt: Undecided) -> Join:
        """What a local value means of which a plan says only what all of them are made of."""
        key = (names, f"local {wanted}")
        if key not in self._may_be:
            spend(len(names))
            self._may_be[key] = behind_local_value(names, wanted, self._resources, self._data)
        candidates = self._may_be[key]
        if candidates is not None and len(candidates) == 1:
            return Join(self._resources[next(iter(candidates))])
        return Join(None, doubt, candidates)

    def _candidates(
        self, names: tuple[str, ...], wanted: str, doubt: Undecided, way: Way
    ) -> frozenset[str] | None:
        """What an expression of several references may mean; `None`: anything."""
        key = (names, wanted)
        if key not in self._may_be:
            spend(len(names))
            self._may_be[key] = self._of_names(names, wanted, doubt, way)
        return self._may_be[key]

    def _of_names(
        self, names: tuple[str, ...], wanted: str, doubt: Undecided, way: Way
    ) -> frozenset[str] | None:
        found: set[str] = set()
        for name in names:
            item = self.resource(name)
            if item is not None and wanted and item.type != wanted and names_one(item, wanted):
                item = self._followed(item, name, wanted, doubt, way).found
            if item is None or is_carried(name):
                return None
            if not wanted or item.type == wanted:
                found.add(item.address)
        return frozenset(found) or None

    def _followed(
        self, found: Resource, text: str, wanted: str, doubt: Undecided, way: Way
    ) -> Join:
        """Follow `aws_s3_bucket_versioning.v.bucket` to the bucket behind it.

        A reference to a resource of another type means what that resource's attribute means, or
        the resource where the attribute is its own name; anything else may be any value.
        """
        if found.type == wanted:
            return Join(found)
        attribute = parse_instance(text)[2]
        lead = (
            attribute if meant(attribute) == wanted else lead_of(found.type) or argument_of(wanted)
        )
        leads = (lead,) if wanted else ()
        own = attribute in names_of(found)
        for path in (*leads, *(() if own and not wanted else (attribute,))):
            value = found.get(path) if path and path != "id" else None
            if value is None or isinstance(value, Computed):
                continue
            name = f"{found.address}.{path}"
            if name in way or len(way) > _MOST_STEPS:
                return Join(None, _circle(doubt, way, name), None)
            if isinstance(value, Undecided):
                expression = found.expression(path)
                return self._by_expression(expression, wanted, value, (*way, name))
            if isinstance(value, str) and (path in leads or not own):
                expression = found.expression(path)
                return self._by_value(found, value, wanted, expression, (*way, name))
        certain = (
            names_resource(text) and stands_for_one(found.type, wanted)
            if wanted
            else found.type.startswith("aws_")
        )
        return Join(found) if certain and not is_carried(text) else Join(None, doubt, None)


def _is_list(resource: Resource, path: str) -> bool:
    """Whether an attribute holds several: by its name, or by the provider's schema."""
    return path.endswith("s") or isinstance(attribute_kind(resource.type, path), tuple)


def _nameless(place: str) -> Unknown:
    """Why what a resource is a part of is not known where it says the empty text."""
    return Unknown(place, "the empty text names nothing, and AWS takes no such name", _REFER)


def _circle(doubt: Undecided, way: Way, name: str) -> Undecided:
    """Why what is followed does not end: it comes back, or goes too far."""
    if name not in way:
        return doubt
    circle = " → ".join((*way[way.index(name) :], name))
    return Unknown(doubt.path, f"it names itself: {circle}", "name another resource")


def _is_open(value: object) -> TypeGuard[Undecided]:
    """Whether somebody gives a value that is not known yet."""
    return isinstance(value, Undecided) and not isinstance(value, Computed)
