"""An inventory: the resources of a plan, a state or an account, and how they belong together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from revet.iam.symbol import is_exact, origins, symbols
from revet.model.errors import UnknownValueError, UnreadError
from revet.model.work import spend
from revet.plan.attachments import Attachments, attachments_of
from revet.plan.circles import Circles
from revet.plan.element_paths import each_value
from revet.plan.join import Joiner
from revet.plan.join_results import Members
from revet.plan.looked_at import note
from revet.plan.own_account import account_behind, account_shown
from revet.plan.policy import PolicyReader
from revet.plan.resource import Resource
from revet.plan.source import Sources
from revet.plan.synthesis import SynthesisFacts
from revet.plan.values import Undecided, Unread

Coverage: TypeAlias = Mapping[str, frozenset[str]]
"""Terraform type to the regions in which all of its resources were listed; `""` for global ones."""


class Reading(StrEnum):
    """What an inventory was read from; its value is the word for messages."""

    PLAN = "plan"
    STATE = "state"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True, eq=False)
class Inventory:
    """The resources of one account in Terraform's own terms.

    Args:
        reading: of a plan (as they will be after apply), a state or an account.
        account: id of the account; empty where the reading does not tell.
        coverage: of an account, which types were listed where; `None` for a plan and a state, which
            have all that their configuration has.
        resources: managed instances as they will be after apply, by full instance address.
        deleted: managed objects that apply destroys or forgets, as they are now, by address; what a
            replacement forgets has a note after it.
        data: data source instances, by address.
        outputs: output name to value; a value that is not known yet is undecided.
        terraform_version: of the program that made the plan.
        provider_versions: provider address to the version constraint that the configuration gives;
            a plan does not say which version made it.
        sha256: of the JSON bytes, in hex; empty for an account.
        synthesis: what the synthesized configuration says; `None` without it.
        sources: the configuration's files, and what was read from them; `None` without them.
        variables: root variable name to value.
        identities: what AWS's resources and data sources have as `Resource.identity`.
        of_stack: whether an account was read for a stack, whose outputs come along.
        lost: ids, ARNs and names by which the stack's state knows what the account was looked
            through for in vain: `None`, or why it could not be looked for.
    """

    resources: Mapping[str, Resource]
    deleted: Mapping[str, Resource]
    data: Mapping[str, Resource]
    outputs: Mapping[str, Any]
    terraform_version: str
    provider_versions: Mapping[str, str]
    sha256: str
    reading: Reading
    account: str
    coverage: Coverage | None
    synthesis: SynthesisFacts | None
    sources: Sources | None
    variables: Mapping[str, Any]
    _joiner: Joiner = field(repr=False)
    _policies: PolicyReader = field(repr=False)
    _circles: Circles = field(repr=False)
    _types: Mapping[str, Sequence[Resource]] = field(repr=False)
    _attached: dict[tuple[str, str], Attachments] = field(default_factory=dict, repr=False)
    _named: dict[tuple[str, str], Mapping[str | None, Sequence[Resource]]] = field(
        default_factory=dict, repr=False
    )
    _forgotten: dict[tuple[str, str], Mapping[str, Sequence[Resource]]] = field(
        default_factory=dict, repr=False
    )
    _accounts: dict[str, str] = field(default_factory=dict, init=False, repr=False)
    identities: frozenset[str] = frozenset()
    of_stack: bool = False
    lost: Mapping[str, Unread | None] = field(default_factory=dict, repr=False)

    def of_type(self, *types: str) -> tuple[Resource, ...]:
        """All managed instances of some Terraform types, in the plan's order type by type."""
        return tuple(resource for kind in types for resource in self._types.get(kind, ()))

    def account_of(self, resource: Resource) -> str:
        """The account that a resource is in; empty where nothing says it."""
        known = self._accounts
        if resource.identity not in known:
            known[resource.identity] = account_behind(resource.identity, self)
        return account_shown(resource) or known[resource.identity]

    def shows(self, readings: Collection[str]) -> bool:
        """Whether it shows what a control judges that is for some readings alone.

        Args:
            readings: `ControlMeta.readings`; empty for a control that is for all of them. The
                account of a stack shows what the stack's state shows.
        """
        own = {self.reading.value} | ({Reading.STATE.value} if self.of_stack else set())
        return not readings or not own.isdisjoint(readings)

    def covers(self, kind: str, region: str = "") -> bool:
        """Whether all resources of a type are here, so that one that is not here does not exist.

        Args:
            kind: its Terraform type.
            region: where; any region's listing counts for global services.
        """
        if self.coverage is None:
            return True
        regions = self.coverage.get(kind, frozenset())
        return "" in regions or region in regions

    def require(self, kind: str, region: str = "") -> None:
        """Refuse to conclude anything from there being no resource of a type.

        Raises:
            UnreadError: not all of them were listed.
        """
        if not self.covers(kind, region):
            where = f" in `{region}`" if region else ""
            raise UnreadError(
                kind,
                why=f"the account's resources of this type were not listed{where}",
                resolve="audit the account with the service and region of this type",
            )

    def target(self, resource: Resource, path: str) -> Resource | None:
        """Which planned resource an attribute means.

        Args:
            resource: whose attribute.
            path: as in `Resource.get`, for one value.

        Returns:
            the resource; `None` when the attribute is absent, left to the provider, or names
            something outside the plan.

        Raises:
            UnknownValueError: it is not known.
        """
        join = self._joiner.join(resource, path)
        if join.doubt is not None:
            join.doubt.refuse()
        return _seen(join.found)

    def targets(self, resource: Resource, path: str) -> tuple[Resource, ...]:
        """Which planned resources the elements of a list mean; those outside the plan left out.

        Raises:
            UnknownValueError: it is not known for one of them.
        """
        joins = self._joiner.join_all(resource, path)
        for join in joins:
            if join.doubt is not None:
                join.doubt.refuse()
        return _all_seen(join.found for join in joins if join.found is not None)

    def candidates(self, resource: Resource, path: str) -> tuple[Resource, ...]:
        """The resources of which an attribute that is not known certainly names one.

        Args:
            resource: whose attribute.
            path: as in `Resource.get`, for one value.

        Returns:
            none when it may be something else, or nothing.
        """
        return _all_seen(self._joiner.candidates(resource, path))

    def members(self, resource: Resource, path: str) -> Members | None:
        """What a list holds of which a plan of HCL shows only the references.

        Args:
            resource: whose list.
            path: of the list.

        Returns:
            `None` for a list that is known or written out, or of which something may be anything;
            `targets` answers for it, or says why not.
        """
        found = self._joiner.members(resource, path)
        if found is not None:
            _all_seen(found.resources)
        return found

    def attached(
        self, resource: Resource, kind: str, *, via: str, every: bool = False
    ) -> tuple[Resource, ...]:
        """The resources of a type whose attribute means this resource.

        Args:
            resource: what they are attached to.
            kind: their Terraform type.
            via: their attribute that means it, as in `Resource.get`, `*` in it for each block.
            every: whether each one counts, also beside those that are certain.

        Returns:
            all for which it is certain; empty only when none can be.

        Raises:
            UnknownValueError: none is certain, or every one counts, and for some it is not known.
        """
        found = self._attachments_of(resource, kind, via)
        strong = _all_seen(found.strong.get(resource.address, ()))
        if every or not strong:
            doubt = found.doubts.get(resource.address, found.doubt)
            if doubt is not None:
                note(found.doubtful)
                doubt.refuse()
        return strong

    def attachments(
        self, resource: Resource, kind: str, *, via: str
    ) -> tuple[tuple[Resource, ...], tuple[Resource, ...]]:
        """The resources of a type that are, and those that may be attached to this resource.

        Args:
            resource: what they are attached to.
            kind: their Terraform type.
            via: their attribute that means it, as in `Resource.get`, `*` in it for each block.

        Returns:
            those for which it is certain, and those of which it is not known.

        Raises:
            UnknownValueError: not all resources of the type were listed.
        """
        found = self._attachments_of(resource, kind, via)
        strong = _all_seen(found.strong.get(resource.address, ()))
        if found.doubt is None and resource.address not in found.doubts:
            return strong, ()
        return strong, _all_seen(self.resources[address] for address in found.doubtful)

    def named(
        self, kind: str, via: str, value: str
    ) -> tuple[tuple[Resource, ...], tuple[Resource, ...]]:
        """The resources of a type whose attribute is a text.

        Args:
            kind: their Terraform type.
            via: the attribute.
            value: the text.

        Returns:
            those whose attribute is the text, and those of which it is not known.
        """
        key = (kind, via)
        if key not in self._named:
            found: dict[str | None, list[Resource]] = {None: []}
            for item in self.of_type(kind):
                spend()
                text = item.get(via)
                if isinstance(text, Undecided):
                    found[None].append(item)
                elif isinstance(text, str):
                    found.setdefault(text, []).append(item)
            self._named[key] = found
        index = self._named[key]
        return _all_seen(index.get(value, ())), _all_seen(index[None])

    def _attachments_of(self, resource: Resource, kind: str, via: str) -> Attachments:
        self._require_near(resource, kind)
        key = (kind, via)
        if key not in self._attached:
            self._attached[key] = attachments_of(self.of_type(kind), via, self._joiner)
        return self._attached[key]

    def _require_near(self, resource: Resource, kind: str) -> None:
        """Refuse unless all resources of a type were listed where a resource is.

        Raises:
            UnknownValueError: they were not, or it is not known where it is.
        """
        if self.covers(kind):
            return
        region = resource.get("region")
        if isinstance(region, Unread):
            region.refuse()
        self.require(kind, resource.provider_region)

    def forgotten(self, kind: str, via: str) -> Mapping[str, Sequence[Resource]]:
        """The resources of a type that apply forgets without destroying them.

        Args:
            kind: their Terraform type.
            via: their attribute that names what they belong to, `*` in it for each block.

        Returns:
            the attribute's value, or each of a list's, to the resources with it; those of which
            it is not known under an empty text.
        """
        key = (kind, via)
        if key not in self._forgotten:
            found: dict[str, list[Resource]] = {}
            for item in self.deleted.values():
                if item.type == kind and item.actions == ("forget",):
                    spend()
                    for name in each_value(item, via):
                        if name is not None:
                            found.setdefault(name if isinstance(name, str) else "", []).append(item)
            self._forgotten[key] = found
        return self._forgotten[key]

    def knows(self, text: str) -> bool:
        """Whether a text is a known id, ARN or name of something, or an ARN below one.

        Args:
            text: the text; data sources count, too.
        """
        return bool(self._joiner.all_by_arn(text)) or any(
            text in (source.get("arn"), source.get("id")) for source in self.data.values()
        )

    def sensitive_reads(self) -> tuple[str, ...]:
        """The sensitive attributes whose policy was read since this was last asked.

        Whoever asks must not show what the policies say.
        """
        return self._policies.sensitive_reads()

    def waits_for(self, resource: Resource, other: Resource) -> bool | None:
        """Whether apply makes a resource only once another is there.

        Args:
            resource: that may wait.
            other: that it may wait for.

        Returns:
            `None` where nothing shows it: a state and an account have no order.
        """
        if self.reading is not Reading.PLAN:
            return None
        place = f"{resource.type}.{resource.name}"
        return self._circles.waits(
            resource.module, place, other.module, f"{other.type}.{other.name}"
        )

    def symbol(self, text: str) -> Resource | None:
        """The managed resource that a value in a policy means.

        Args:
            text: one value of a policy: `${aws_kms_key.k.arn}`, `${aws_s3_bucket.b.arn}/*`,
                `${made of aws_kms_key.k.arn}`, a known ARN with or without a path behind it, ….
                What is made of an ARN is the resource, or something below it; what is made of a
                name or id may be anything.

        Returns:
            the resource; `None` for values that name none of the plan's: other ARNs, wildcards,
            IAM policy variables (`${aws:username}`), attributes of data sources.

        Raises:
            UnknownValueError: the symbol is made of several things, or of none that the plan has.
        """
        inner = symbols(text)
        if not inner:
            return _seen(self._joiner.by_arn(text))
        exact = all(map(is_exact, inner))
        parts = tuple(dict.fromkeys(name for symbol in inner for name in origins(symbol)))
        found = {item.address: item for item in map(self._joiner.resource, parts) if item}
        below = exact or all(name.endswith(".arn") for name in parts)
        if len(found) == 1 and all(map(self._joiner.resource, parts)) and below:
            return _seen(next(iter(found.values())))
        if exact and all(map(self._joiner.is_data, parts)):
            return None
        name = ", ".join(parts)
        raise UnknownValueError(
            f"${{{name}}}",
            why="the plan does not show which resource this means",
            resolve="refer to one attribute of one resource in the policy",
        )


def _seen(resource: Resource | None) -> Resource | None:
    if resource is not None:
        note((resource.address,))
    return resource


def _all_seen(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    found = tuple(resources)
    note(resource.address for resource in found)
    return found
