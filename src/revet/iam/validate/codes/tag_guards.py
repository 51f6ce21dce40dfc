"""Denials of requests without tags."""

from __future__ import annotations

from revet.iam.validate.finding import Hits, Level, check, hit
from revet.iam.validate.guards import is_absent, with_key
from revet.iam.validate.written import WrittenStatement

# Create actions that are authorized for other resources too. Source: Service Authorization
# Reference, "Actions, resources, and condition keys for Amazon EC2".
_SEVERAL = frozenset(
    {
        "ec2:createflowlogs",
        "ec2:createnatgateway",
        "ec2:createnetworkinterface",
        "ec2:createroutetable",
        "ec2:createsecuritygroup",
        "ec2:createsnapshot",
        "ec2:createsubnet",
        "ec2:createvpcendpoint",
        "ec2:runinstances",
    }
)


@check(
    Level.WARNING,
    source="Service Authorization Reference, Actions, resources, and condition keys for Amazon EC2",
    needs="aws:requesttag/",
)
def revet_tag_guard_denies_other_resources(statement: WrittenStatement) -> Hits:
    """A denial of untagged requests that denies an action altogether.

    Some actions are authorized for several resources at once, and only what is created carries the
    request's tags: for the image, the subnet or the VPC `aws:RequestTag` is always absent.

    `Deny` of such an action on `*` when a tag of the request is absent.
    """
    if not statement.denies or not any(item.text == "*" for item in statement.resources):
        return
    absent = [item for item in with_key(statement, "aws:requesttag/") if is_absent(item)]
    if not absent:
        return
    for action in statement.actions:
        if not action.negated and action.text.lower() in _SEVERAL:
            yield hit(
                f"{action.text} is authorized for several resources, and only the one that it "
                "creates carries tags: this denies it always. Name that resource type in Resource.",
                action.place,
                absent[0].key_place,
            )


@check(
    Level.WARNING,
    source="IAM User Guide, Conditions with multiple context keys or values",
    needs="aws:requesttag/",
)
def revet_tag_guard_keys_are_anded(statement: WrittenStatement) -> Hits:
    """A denial of untagged requests that only denies when every tag is missing.

    The keys of one condition block must all hold; a request with one of the tags passes.

    `Deny` with `Null` `true` for two tags of the request or more.
    """
    if not statement.denies:
        return
    absent = [item for item in with_key(statement, "aws:requesttag/") if is_absent(item)]
    if len({item.lower for item in absent}) > 1:
        names = ", ".join(item.key for item in absent)
        yield hit(
            f"This denies only requests that lack all of {names}. Write one statement for each "
            "tag.",
            *(item.key_place for item in absent),
        )
