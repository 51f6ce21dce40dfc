"""What tells a resource from others, the same for a state and for an account.

`identity` of the table of Terraform types says it of most. Some types are another form of what an
account has: one `aws_security_group_rule` is a rule for each source, an `aws_iam_policy_attachment`
one attachment for each principal; those have the identities of what they are in the account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any, TypeAlias

from revet.plan.observed import EVERY, Observed
from revet.plan.single_rules import EVERY_PROTOCOL, OLD_SOURCES, SOURCES, single_rules
from revet.plan.terraform_types import terraform_type

Identity: TypeAlias = tuple[str, ...]
"""A Terraform type, never a variant of another, and the texts that identify one of that type."""
Get: TypeAlias = Callable[[str], Any]
"""An attribute's name to its value, in the provider's form; nothing where it is not known."""

_LISTS = dict(zip(SOURCES[:-1], OLD_SOURCES[:-1], strict=True))
OLD_NAMES = {**dict(zip(SOURCES, OLD_SOURCES, strict=True)), "ip_protocol": "protocol"}
"""Attribute of a rule to the one of `aws_security_group_rule` that has the same value."""
_RULE = "aws_vpc_security_group_{}_rule"
_DESTINATIONS = (
    "destination_cidr_block",
    "destination_ipv6_cidr_block",
    "destination_prefix_list_id",
)
_PRINCIPALS = ("user", "role", "group")


def identities_of(kind: str, get: Get) -> tuple[Identity, ...]:
    """The identities of a resource; several for a type that stands for several things.

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
    """The identities of what was read; by its id alone where nothing else of it could be."""
    if item.id == EVERY:
        return ()
    return identities_of(item.type, item.values.get) or ((base_type(item.type), item.id),)


def is_form_of_others(kind: str) -> bool:
    """Whether a Terraform type is read in the form of other types."""
    return kind in _FORMS


def base_type(kind: str) -> str:
    """The type that a type is a variant of; itself for most."""
    return terraform_type(kind).variant_of or kind


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> list[str]:
    """A text, or the texts of a list; none that is empty."""
    each = value if isinstance(value, list) else [value]
    return [one for one in each if isinstance(one, str) and one]


def _route(get: Get) -> Iterator[Identity]:
    """AWS gives a route one destination; the state has empty texts for the other two."""
    ends = (_text(get(name)) for name in _DESTINATIONS)
    table, end = _text(get("route_table_id")), next(filter(None, ends), "")
    if table and end:
        yield "aws_route", table, end


def _acl_rule(get: Get) -> Iterator[Identity]:
    """A network ACL has one rule of a number in each direction."""
    acl, number, egress = _text(get("network_acl_id")), get("rule_number"), get("egress")
    if acl and isinstance(number, int):
        yield "aws_network_acl_rule", acl, str(number), "egress" if egress else "ingress"


def _rule(direction: str = "") -> Callable[[Get], Iterator[Identity]]:
    """The rules of a group that one resource stands for; the old type says the direction itself."""

    def found(get: Get) -> Iterator[Identity]:
        return _sources(direction or _text(get("type")), _text(get("security_group_id")), get)

    return found


def inline_rules(get: Get) -> Iterator[Identity]:
    """The rules that stand in a security group itself, in its blocks `ingress` and `egress`."""
    for direction in ("ingress", "egress"):
        blocks = get(direction)
        for block in blocks if isinstance(blocks, list) else ():
            yield from _sources(direction, _text(get("id")), block.get)


def _sources(direction: str, group: str, get: Get) -> Iterator[Identity]:
    """The rules of a block or a resource, in the form of any type: one for each source."""
    for protocol, *ends, source in single_rules(group, get):
        ports = (str(port) if isinstance(port, int) else "" for port in ends)
        yield _RULE.format(direction), group, protocol, *ports, source


def as_old_rule(rule: Mapping[str, Any], direction: str) -> dict[str, Any]:
    """A rule in the form of `aws_security_group_rule`, which has no tags.

    Args:
        rule: the attributes of an `aws_vpc_security_group_ingress_rule` or its like.
        direction: `ingress` or `egress`.
    """
    other, group = rule.get("referenced_security_group_id"), rule.get("security_group_id")
    every = rule.get("ip_protocol") == EVERY_PROTOCOL
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


def _each(*forms: tuple[str, ...]) -> Callable[[Get], Iterator[Identity]]:
    """What a resource stands for: of each type all that its attributes name, `[]` for lists."""

    def found(get: Get) -> Iterator[Identity]:
        for kind, *names in forms:
            said = (_texts(get(n[:-2])) if n.endswith("[]") else [_text(get(n))] for n in names)
            yield from ((kind, *texts) for texts in product(*said) if any(texts))

    return found


def _exclusive(kind: str, names: str) -> Callable[[Get], Iterator[Identity]]:
    """A list that is kept exclusively stands for its principal and for what it names."""

    def found(get: Get) -> Iterator[Identity]:
        principal = _text(get(f"{kind}_name"))
        if principal:
            yield f"aws_iam_{kind}", principal
        for name in _texts(get(names)) if principal else ():
            if names == "policy_arns":
                yield f"aws_iam_{kind}_policy_attachment", principal, name
            else:
                yield f"aws_iam_{kind}_policy", f"{principal}:{name}"

    return found


def _key(get: Get) -> Iterator[Identity]:
    """`key_id` may be an id or an ARN."""
    if name := _text(get("key_id")).rpartition("/")[2]:
        yield "aws_kms_key", name


_FORMS: Mapping[str, Callable[[Get], Iterator[Identity]]] = {
    "aws_network_acl_rule": _acl_rule,
    "aws_route": _route,
    "aws_vpc_security_group_ingress_rule": _rule("ingress"),
    "aws_vpc_security_group_egress_rule": _rule("egress"),
    "aws_security_group_rule": _rule(),
    "aws_iam_policy_attachment": _each(
        *((f"aws_iam_{kind}_policy_attachment", f"{kind}s[]", "policy_arn") for kind in _PRINCIPALS)
    ),
    **{
        f"aws_iam_{kind}_{what}_exclusive": _exclusive(kind, names)
        for kind in _PRINCIPALS
        for what, names in (("policy_attachments", "policy_arns"), ("policies", "policy_names"))
    },
    "aws_iam_group_membership": _each(("aws_iam_user_group_membership", "users[]", "group")),
    "aws_iam_user_group_membership": _each(("aws_iam_user_group_membership", "user", "groups[]")),
    "aws_vpc_endpoint_policy": _each(("aws_vpc_endpoint", "vpc_endpoint_id")),
    "aws_kms_key_policy": _key,
}
"""Type to how it is identified where the table's attributes do not say it."""
