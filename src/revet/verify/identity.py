"""What tells a resource from others, the same for a state and for an account.

`identity` of the table of Terraform types says it of most. Some types are another form of what an
account has: one `aws_security_group_rule` is a rule for each source, an `aws_iam_policy_attachment`
one attachment for each principal; those have the identities of what they are in the account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from revet.plan.observed import EVERY, Observed
from revet.plan.terraform_types import terraform_type

Identity: TypeAlias = tuple[str, ...]
"""A Terraform type, never a variant of another, and the texts that identify one of that type."""
Get: TypeAlias = Callable[[str], Any]
"""An attribute's name to its value, in the provider's form; nothing where it is not known."""

_LISTS = {
    "cidr_ipv4": "cidr_blocks",
    "cidr_ipv6": "ipv6_cidr_blocks",
    "prefix_list_id": "prefix_list_ids",
}
OLD_NAMES = {
    **_LISTS,
    "ip_protocol": "protocol",
    "referenced_security_group_id": "source_security_group_id",
}
"""Attribute of a rule to the one of `aws_security_group_rule` that has the same value."""
_RULE = "aws_vpc_security_group_{}_rule"
_EVERY_PROTOCOL = ("-1", "all")
_DESTINATIONS = (
    "destination_cidr_block",
    "destination_ipv6_cidr_block",
    "destination_prefix_list_id",
)


def identities_of(kind: str, get: Get) -> tuple[Identity, ...]:
    """The identities of a resource; several for a type that stands for several things.

    Args:
        kind: its Terraform type.
        get: gives its attributes.

    Returns:
        None when the attributes that identify it are not known.
    """
    if kind in _FORMS:
        return tuple(dict.fromkeys(_FORMS[kind](get)))
    row = terraform_type(kind)
    texts = [_text(get(name)) for name in row.identity]
    found = tuple(text for text in texts if text)
    return ((base_type(kind), *found),) if found else ()


def identities_observed(item: Observed) -> tuple[Identity, ...]:
    """The identities of what was read; by its id alone where nothing else of it could be.

    Args:
        item: what was read.
    """
    if item.id == EVERY:
        return ()
    return identities_of(item.type, item.values.get) or ((base_type(item.type), item.id),)


def is_form_of_others(kind: str) -> bool:
    """Whether a type is read in the form of other types.

    Args:
        kind: a Terraform type.
    """
    return kind in _FORMS


def base_type(kind: str) -> str:
    """The type that a type is a variant of; itself for most."""
    return terraform_type(kind).variant_of or kind


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, str))


def _route(get: Get) -> Iterator[Identity]:
    """AWS gives a route one destination; the state has empty texts for the other two."""
    ends = (_text(get(name)) for name in _DESTINATIONS)
    table, end = _text(get("route_table_id")), next(filter(None, ends), "")
    if table and end:
        yield "aws_route", table, end


def _new_rule(direction: str) -> Callable[[Get], Iterator[Identity]]:
    def found(get: Get) -> Iterator[Identity]:
        group = _text(get("security_group_id"))
        protocol = _text(get("ip_protocol"))
        ports = _ports(protocol, get)
        for name in ("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"):
            if source := _text(get(name)):
                yield _RULE.format(direction), group, protocol, *ports, source

    return found


def _old_rule(get: Get) -> Iterator[Identity]:
    """The rules of a group that one resource stands for: one for each source.

    Source: hashicorp/aws 5.100.0, `expandIPPermission`: `self` means the group itself, `all` every
    protocol.
    """
    return _sources(_RULE.format(_text(get("type"))), _text(get("security_group_id")), get)


def inline_rules(get: Get) -> Iterator[Identity]:
    """The rules that stand in a group itself, in its blocks `ingress` and `egress`.

    Args:
        get: gives the attributes of a security group.
    """
    for direction in ("ingress", "egress"):
        blocks = get(direction)
        for block in blocks if isinstance(blocks, list) else ():
            yield from _sources(_RULE.format(direction), _text(get("id")), block.get)


def _sources(kind: str, group: str, get: Get) -> Iterator[Identity]:
    protocol = _text(get("protocol")).lower()
    if protocol in _EVERY_PROTOCOL:
        protocol = _EVERY_PROTOCOL[0]
    ports = _ports(protocol, get)
    sources = [
        *_texts(get("cidr_blocks")),
        *_texts(get("ipv6_cidr_blocks")),
        *_texts(get("prefix_list_ids")),
        *_texts(get("security_groups")),
        group if get("self") is True else "",
        _text(get("source_security_group_id")),
    ]
    yield from ((kind, group, protocol, *ports, source) for source in sources if source)


def as_old_rule(rule: Mapping[str, Any], direction: str) -> dict[str, Any]:
    """A rule in the form of `aws_security_group_rule`, which has no tags.

    Args:
        rule: the attributes of an `aws_vpc_security_group_ingress_rule` or its like.
        direction: `ingress` or `egress`.
    """
    other, group = rule.get("referenced_security_group_id"), rule.get("security_group_id")
    every = rule.get("ip_protocol") == _EVERY_PROTOCOL[0]
    return {
        "id": rule.get("id"),
        "security_group_rule_id": rule.get("id"),
        "security_group_id": group,
        "type": direction,
        "protocol": rule.get("ip_protocol"),
        "from_port": 0 if every else rule.get("from_port"),
        "to_port": 0 if every else rule.get("to_port"),
        "self": other == group,
        "source_security_group_id": None if other == group else other,
        "description": rule.get("description"),
        **{name: [rule[own]] if rule.get(own) else None for own, name in _LISTS.items()},
    }


def _ports(protocol: str, get: Get) -> tuple[str, str]:
    if protocol == _EVERY_PROTOCOL[0]:
        return "", ""
    ports = (get("from_port"), get("to_port"))
    start, end = (str(port) if isinstance(port, int) else "" for port in ports)
    return start, end


def _attachments(get: Get) -> Iterator[Identity]:
    policy = _text(get("policy_arn"))
    for kind in ("user", "role", "group"):
        for name in _texts(get(f"{kind}s")):
            yield f"aws_iam_{kind}_policy_attachment", name, policy


def _exclusive(kind: str, names: str, of: str) -> Callable[[Get], Iterator[Identity]]:
    """A list that is kept exclusively stands for its principal and for what it names."""

    def found(get: Get) -> Iterator[Identity]:
        if principal := _text(get(f"{kind}_name")):
            yield f"aws_iam_{kind}", principal
            for name in _texts(get(names)):
                yield _of(of.format(kind), principal, name)

    return found


def _of(kind: str, principal: str, name: str) -> Identity:
    """An attachment, or an inline policy, by its principal and its own name."""
    attached = kind.endswith("_attachment")
    return (kind, principal, name) if attached else (kind, f"{principal}:{name}")


def _members(get: Get) -> Iterator[Identity]:
    group = _text(get("group"))
    for user in _texts(get("users")):
        yield "aws_iam_user_group_membership", user, group


def _memberships(get: Get) -> Iterator[Identity]:
    user = _text(get("user"))
    for group in _texts(get("groups")):
        yield "aws_iam_user_group_membership", user, group


def _endpoint(get: Get) -> Iterator[Identity]:
    if name := _text(get("vpc_endpoint_id")):
        yield "aws_vpc_endpoint", name


def _key(get: Get) -> Iterator[Identity]:
    """`key_id` may be an id or an ARN."""
    if name := _text(get("key_id")).rpartition("/")[2]:
        yield "aws_kms_key", name


_FORMS: Mapping[str, Callable[[Get], Iterator[Identity]]] = {
    "aws_route": _route,
    "aws_vpc_security_group_ingress_rule": _new_rule("ingress"),
    "aws_vpc_security_group_egress_rule": _new_rule("egress"),
    "aws_security_group_rule": _old_rule,
    "aws_iam_policy_attachment": _attachments,
    **{
        f"aws_iam_{kind}_policy_attachments_exclusive": _exclusive(
            kind, "policy_arns", "aws_iam_{}_policy_attachment"
        )
        for kind in ("user", "role", "group")
    },
    **{
        f"aws_iam_{kind}_policies_exclusive": _exclusive(kind, "policy_names", "aws_iam_{}_policy")
        for kind in ("user", "role", "group")
    },
    "aws_iam_group_membership": _members,
    "aws_iam_user_group_membership": _memberships,
    "aws_vpc_endpoint_policy": _endpoint,
    "aws_kms_key_policy": _key,
}
"""Type to how it is identified where the table's attributes do not say it."""
