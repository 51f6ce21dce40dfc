"""Any string of a policy may be a reference that is not known yet: checks answer all the same."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.iam.validate.case import case_files, read_cases

from revet.iam.validate import validate_policy

UNKNOWN = ("${aws_s3_bucket.data.arn}", "${module.keys.arn}:*")
SKIPPED = frozenset({"Version", "Effect"})


def places(value: Any, holder: Any = None, step: Any = None) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - JSON
    """The object or list, and the name or number in it, of every string of a policy."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in SKIPPED:
                yield from places(inner, value, name)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, value, number)
    elif isinstance(value, str) and holder is not None:
        yield holder, step


@pytest.mark.parametrize("path", case_files(), ids=lambda path: path.stem)
def test_every_check_answers_when_a_text_is_not_known(path: Path) -> None:
    for case in read_cases(path):
        if not case.fires:
            continue
        try:
            document = json.loads(case.policy)
        except ValueError:
            continue
        found = list(places(document))
        if not found:
            continue
        chance = random.Random(case.name)  # noqa: S311 - no secret
        holder, step = chance.choice(found)
        holder[step] = chance.choice(UNKNOWN)
        for finding in validate_policy(json.dumps(document), case.type, case.resource_type):
            assert finding.locations, (case.name, finding)
