"""Whether a resource will have a tag."""

from __future__ import annotations

from collections.abc import Mapping

from revet.gate.readings.values import says_something
from revet.plan import Resource, Undecided
from revet.plan.expression import Literal, ObjectExpression
from revet.plan.strength import is_strong


def has_tag(resource: Resource, key: str) -> bool:
    """Whether a resource will have a tag with a value.

    `tags_all` is what AWS gets: tags and the provider's default tags. The provider works it out
    while it plans, unless some tag's value is not known; then the configuration of `tags` says
    which keys are there.

    Raises:
        UnknownValueError: the plan does not show it; what `tags` lacks may be a default tag.
    """
    known = resource.get("tags_all")
    if isinstance(known, Mapping) and known:
        value = known.get(key)  # a key may have dots, so it is no path
        if isinstance(value, Undecided):
            return resource.is_set(f"tags_all.{key}")
        return _is_text(value)
    written = resource.expression("tags")
    if isinstance(written, ObjectExpression):
        for name, value in written.members:
            if isinstance(name, Literal) and name.value == key:
                return _is_text(value.value) if isinstance(value, Literal) else _sure(resource, key)
    elif written is None and isinstance(known, Undecided):
        known.refuse()
    elif not resource.is_set("tags"):
        return False
    why = "some tags are known after apply only, and the provider's default tags may add others"
    do = "write the tag on the resource itself, or use values that are known at plan time"
    raise resource.doubt(f"tags.{key}", why, do)


def _sure(resource: Resource, key: str) -> bool:
    """True for a value that cannot be null; raises for any other."""
    expression = resource.expression(f"tags.{key}")
    return (expression is not None and is_strong(expression)) or resource.is_set(f"tags.{key}")


def _is_text(value: object) -> bool:
    return value is not None and says_something(str(value))
