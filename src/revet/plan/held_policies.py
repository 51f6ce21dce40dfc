"""One policy that somebody has: what gives it, and what it says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from revet.iam.document import PolicyDocument
from revet.iam.reference.aws_policies import aws_policy, is_aws_policy
from revet.model.errors import InputError, UnknownValueError, UnreadError
from revet.plan.doubts import Doubts, unread_first
from revet.plan.inventory import Inventory
from revet.plan.naming import names_of
from revet.plan.removed_resources import still_attached
from revet.plan.resource import Resource
from revet.plan.values import Undecided, Unread

POLICY = "aws_iam_policy"
OUTSIDE = "make it in the same configuration, or waive the finding with a reason"


@dataclass(frozen=True, slots=True)
class HeldPolicy:
    """One policy of a principal.

    Args:
        holder: what gives it: an inline policy, an attachment, or the principal itself.
        path: the attribute of the holder that holds or names it.
        name: address of what holds the document; the ARN of one that is not in the inventory, and
            the holder's address where it is not known which it is.
        document: what it says; `None` where that is not known.
        doubt: why it is not known, or holds for one account alone; `None` where neither is so.
    """

    holder: Resource
    path: str
    name: str
    document: PolicyDocument | None = None
    doubt: UnknownValueError | None = None

    @property
    def is_inline(self) -> bool:
        """Whether the holder itself says what it allows."""
        return self.path.rpartition(".")[2] in ("policy", "inline_policy")

    @property
    def is_outside(self) -> bool:
        """Whether it is a managed policy that the inventory does not have."""
        return self.name.startswith("arn:")

    @property
    def of_aws(self) -> bool:
        """Whether it is one of AWS's own managed policies."""
        return is_aws_policy(self.name)


@dataclass(frozen=True, slots=True)
class HeldPolicies:
    """The policies of a principal or of a resource, or what one resource gives to others.

    Args:
        held: each once; also those whose documents are not known.
        doubts: why there may be others.
    """

    held: tuple[HeldPolicy, ...]
    doubts: tuple[UnknownValueError, ...]

    @property
    def documents(self) -> tuple[tuple[str, PolicyDocument], ...]:
        """The documents that are known, each after its name."""
        return tuple((item.name, item.document) for item in self.held if item.document is not None)

    @property
    def unknown(self) -> tuple[UnknownValueError, ...]:
        """Everything that is not known: which policies there are, and what they say."""
        inner = (item.doubt for item in self.held if item.doubt is not None)
        return unread_first((*self.doubts, *inner))

    def refuse_unknown(self) -> None:
        """Refuse to conclude anything where something is not known.

        Raises:
            UnknownValueError: which policies there are is not known, or what one says.
        """
        Doubts(self.unknown).refuse()

    def refuse_unread(self) -> None:
        """Refuse to conclude anything where a policy that could not be read may deny it.

        Raises:
            UnreadError: one could not be read.
        """
        for doubt in self.unknown:
            if isinstance(doubt, UnreadError):
                raise doubt


def attached_to(
    subject: Resource,
    inventory: Inventory,
    kind: str,
    via: str,
    doubts: Doubts,
) -> tuple[Resource, ...]:
    """The resources of a type that certainly name a subject, those that apply forgets too.

    Args:
        subject: what they name.
        inventory: it belongs to.
        kind: their Terraform type.
        via: their attribute that names it, `*` in it for each block.
        doubts: why there may be more is added.
    """
    found: tuple[Resource, ...] = ()
    try:
        found = inventory.attached(subject, kind, via=via, every=True)
    except UnknownValueError as error:
        doubts.append(error)
        with suppress(UnknownValueError):  # none of them is certain
            found = inventory.attached(subject, kind, via=via)
    if inventory.deleted:
        names = tuple(subject.get(name) for name in names_of(subject))
        with doubts:
            found += still_attached(inventory, kind, via, names)
    return found


def inline_policy(holder: Resource, path: str) -> HeldPolicy:
    """The policy that an attribute holds.

    Args:
        holder: whose attribute.
        path: of the attribute.
    """
    where = f"{holder.address}.{path}"
    doubt: UnknownValueError | None = None
    document: PolicyDocument | None = None
    try:
        document = holder.policy(path)
    except UnknownValueError as error:
        doubt = error
    except InputError as error:
        doubt = UnknownValueError(where, why=f"{error.what}, {error.where}", resolve=error.do)
    if document is None and doubt is None:
        doubt = lacks_policy(where)
    return HeldPolicy(holder, path, holder.address, document, doubt)


def lacks_policy(where: str) -> UnknownValueError:
    """Why nothing is known of a policy that is not there, where AWS takes no resource without one.

    Args:
        where: address and attribute.
    """
    return UnknownValueError(
        where,
        why="it holds no policy, and AWS requires one",
        resolve="write the policy, or leave the resource out",
    )


def named_policy(holder: Resource, path: str, inventory: Inventory) -> HeldPolicy:
    """The managed policy that an attribute names: here, forgotten, looked up, or AWS's own.

    Args:
        holder: whose attribute.
        path: of the attribute.
        inventory: it belongs to.
    """
    value = holder.get(path)
    name = value if isinstance(value, str) and value else holder.address
    try:
        found = _policy(holder, path, inventory)
        if found is None and isinstance(value, Undecided):
            value.refuse()
    except UnknownValueError as error:  # it may be one of the inventory's
        return HeldPolicy(holder, path, holder.address, doubt=error)
    if found is not None:
        held = inline_policy(found, "policy")
        named = name if is_aws_policy(name) else found.address
        return HeldPolicy(holder, path, named, held.document, held.doubt)
    document = aws_policy(name)
    if document is not None:
        return HeldPolicy(holder, path, name, document)
    why = f"the policy `{value}` is not part of this {inventory.reading}"
    if is_aws_policy(name):
        why = f"what AWS's policy `{value}` says is not known here"
    doubt = UnknownValueError(f"{holder.address}.{path}", why=why, resolve=OUTSIDE)
    return HeldPolicy(holder, path, name, doubt=doubt)


def policy_by_name(holder: Resource, path: str, inventory: Inventory) -> HeldPolicy:
    """The policy that a permission set takes by name from each account it is assigned in.

    Args:
        holder: whose attribute.
        path: of the attribute.
        inventory: it belongs to; its policy of the name is that of one account.
    """
    name = holder.get(path)
    document: PolicyDocument | None = None
    hidden: UnknownValueError | None = None
    if isinstance(name, str):
        certain, perhaps = inventory.named(POLICY, "name", name)
        if len(certain) == 1:
            held = inline_policy(certain[0], "policy")
            document, hidden = held.document, held.doubt
        else:
            names = (item.get("name") for item in perhaps)
            hidden = next((one.doubt() for one in names if isinstance(one, Unread)), None)
    elif isinstance(name, Unread):
        hidden = name.doubt()
    if isinstance(hidden, UnreadError):
        return HeldPolicy(holder, path, holder.address, doubt=hidden)
    doubt = UnknownValueError(
        f"{holder.address}.{path}",
        why="each account that the permission set is assigned in has a policy of its own for it",
        resolve="write the policy into the permission set",
    )
    return HeldPolicy(holder, path, holder.address, document, doubt)


def _policy(holder: Resource, path: str, inventory: Inventory) -> Resource | None:
    """The policy of the inventory that an attribute names; `None` where it is none of it.

    Raises:
        UnknownValueError: it is not known.
    """
    found = inventory.target(holder, path)
    arn = holder.get(path)
    if found is None and isinstance(arn, str):
        left = still_attached(inventory, POLICY, "arn", (arn,))
        return next(iter(left or _looked_up(arn, inventory)), None)
    return found if found is not None and found.type == POLICY else None


def _looked_up(arn: str, inventory: Inventory) -> Iterator[Resource]:
    """The data sources that read a policy from the account."""
    for item in inventory.data.values():
        own = item.get("arn") if item.type == POLICY else None
        if isinstance(own, str) and own == arn:
            yield item
