"""A name that stands twice in one JSON object: all but the last value are lost.

RFC 8259 leaves open what happens then; readers of JSON take the last one, so that a statement can
say something else than what a reviewer reads first.
"""

from __future__ import annotations

from collections.abc import Iterator

from revet.iam.document_json import JsonArray, JsonNode, JsonObject, JsonScalar
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.place import Path, place_of_key
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import PolicySubject


@check(
    Level.ERROR,
    subject=PolicySubject,
    source="RFC 8259, section 4: Objects",
)
def duplicate_member(policy: PolicySubject) -> Hits:
    """In the policy, a statement, a principal or a condition; in exactly the same spelling."""
    if not policy.json.repeats:
        return
    for path, node in _objects((), policy.root):
        for member in node.duplicates():
            yield hit(
                f"The name {quoted(member.name)} stands more than once here, and only the last "
                "value counts. Keep one.",
                place_of_key(path, member),
            )


def _objects(path: Path, node: JsonNode) -> Iterator[tuple[Path, JsonObject]]:
    if isinstance(node, JsonObject):
        yield path, node
        for member in node.members:
            if not isinstance(member.value, JsonScalar):
                yield from _objects((*path, ("value", member.name)), member.value)
    elif isinstance(node, JsonArray):
        for number, item in enumerate(node.items):
            if not isinstance(item, JsonScalar):
                yield from _objects((*path, ("index", number)), item)
