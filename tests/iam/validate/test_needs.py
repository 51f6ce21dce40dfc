"""A rule that is not asked, for want of a text that it needs, would have found nothing."""

from __future__ import annotations

import pytest
from tests.iam.validate.case import case_files, read_cases

from revet.iam.document_json import JsonObject, PolicyError, parse_json
from revet.iam.policy_type import PolicyType
from revet.iam.validate.catalog import checks_for
from revet.iam.validate.finding import SUBJECTS
from revet.iam.validate.written import WrittenPolicy, WrittenStatement

TYPES = tuple(PolicyType)


def policies() -> list[str]:
    """The policies of all cases that are JSON objects."""
    found = dict.fromkeys(case.policy for path in case_files() for case in read_cases(path))
    return [text for text in found if len(text) < 20_000]


@pytest.mark.parametrize("kind", TYPES)
def test_what_is_not_asked_finds_nothing(kind: PolicyType) -> None:
    """Every rule with such a text, on every policy of every case."""
    asked = 0
    checks = [check for subject in SUBJECTS for check in checks_for(kind)[subject] if check.needs]
    assert checks
    for text in policies():
        try:
            parsed = parse_json(text)
        except PolicyError:
            continue
        lower = text.lower()
        if not isinstance(parsed.root, JsonObject) or "\\u" in lower:
            continue
        policy = WrittenPolicy(parsed.root, (), parsed, kind, "")
        for check in checks:
            if check.needs in lower:
                continue
            subjects = [
                subject
                for statement in policy.statements
                for subject in (*_parts(statement), statement)
            ]
            for subject in (*subjects, policy):
                if isinstance(subject, check.subject):
                    asked += 1
                    assert not list(check.find(subject)), (check.code, text)
    assert asked > 10_000


def _parts(statement: WrittenStatement) -> list[object]:
    return [
        *statement.actions,
        *statement.resources,
        *statement.principals,
        *statement.conditions,
    ]
