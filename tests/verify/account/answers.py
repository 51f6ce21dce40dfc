"""A reader that answers some operations with what a test says, and denies one action."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from revet.verify.operations import iam_action
from revet.verify.read_only import ReadDeniedError, Reader

Boto = Any  # parameters as the API takes them


@dataclass
class Answers:
    """What is asked for otherwise goes to the account.

    Args:
        reader: of the account.
        answers: service and operation to the answer.
        denied: IAM action that is denied.
    """

    reader: Reader
    answers: dict[tuple[str, str], Any] = field(default_factory=dict)
    denied: str = ""

    def call(self, service: str, operation: str, **parameters: Boto) -> dict[str, Any]:
        action = iam_action(service, operation)
        if action == self.denied.lower():
            raise ReadDeniedError(action, where=operation, got="AccessDenied")
        found = self.answers.get((service, operation))
        if isinstance(found, Exception):
            raise found
        return self.reader.call(service, operation, **parameters) if found is None else found
