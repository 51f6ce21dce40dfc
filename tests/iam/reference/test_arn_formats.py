from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from revet.iam.globs import Glob
from revet.iam.reference.arn_formats import compiled, meet, read_pattern
from revet.iam.reference.records import ResourceType
from revet.iam.reference.resources import match_resource_types
from revet.iam.reference.services import all_services
from revet.iam.reference.tables import Service

PLACEHOLDER = re.compile(r"\$\{[^{}]*\}|\*")
FORMATS: list[tuple[Service, ResourceType, str]] = [
    (owner, kind, arn)
    for prefix in ("s3", "ec2", "iam", "kms", "logs", "sqs", "apigateway", "connect", "catalog")
    if (owner := all_services().get(prefix)) is not None
    for kind in owner.resource_types.values()
    for arn in kind.arns
]


@st.composite
def named(draw: st.DrawFn) -> tuple[Service, ResourceType, str]:
    """A resource type and a pattern that covers one of its ARNs."""
    owner, kind, arn = draw(st.sampled_from(FORMATS))
    values = st.text("ab1-", min_size=1, max_size=5)
    text = PLACEHOLDER.sub(lambda _: draw(values), arn)
    fields = text.split(":", 5)
    at = draw(st.sampled_from([1, 3, 4, 5]))
    field = fields[at]
    begin = draw(st.integers(0, len(field)))
    end = draw(st.integers(begin, len(field)))
    fields[at] = field[:begin] + draw(st.sampled_from(["*", field[begin:end]])) + field[end:]
    return owner, kind, ":".join(fields)


@settings(max_examples=150, deadline=None)
@given(named())
def test_a_pattern_over_an_arn_of_a_type_meets_the_type(
    case: tuple[Service, ResourceType, str],
) -> None:
    owner, kind, pattern = case
    assert kind in match_resource_types(pattern, owner)
    assert kind in match_resource_types(pattern, owner, any_place=True)
    assert kind in match_resource_types(pattern.replace("*", "${aws:username}"), owner)


@settings(max_examples=250, deadline=None)
@given(
    st.lists(st.sampled_from(["a", "b", "/", "*", "?"]), max_size=8).map("".join),
    st.lists(st.sampled_from(["a", "b", "/", "${Name}", "*"]), max_size=5).map("".join),
)
def test_a_field_meets_a_format_as_two_globs_overlap(pattern: str, form: str) -> None:
    (field,) = read_pattern(pattern).fields
    glob = Glob.parse(PLACEHOLDER.sub("?*", form))
    assert meet(field, compiled(form)) == Glob.parse(pattern).overlaps(glob)


def test_some_placeholders_hold_no_slash() -> None:
    assert not meet("bucket/key", compiled("${BucketName}"))
    assert meet(tuple("bucket/key"), compiled("${BucketName}/${ObjectName}"))
    assert meet("a/b", compiled("${Name}"))
