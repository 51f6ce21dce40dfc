"""From what a user gives to a policy, or to the reason why it is none."""

from __future__ import annotations

from dataclasses import dataclass

from revet.iam.document_json import JsonObject, PolicyError, Span, parse_json, position_in
from revet.iam.policy_type import PolicyType
from revet.iam.validate.place import Place
from revet.iam.validate.written import WrittenPolicy

LARGEST = 262_144
"""Characters that are no white space: more than the largest policy of AWS itself has.

That is `AWSSupportServiceRolePolicy` with 157,000 (2026). Whoever sends more does not send a
policy, and shall not keep the validation busy.
"""


@dataclass(frozen=True, slots=True)
class UnreadableText:
    """A text that is no JSON object.

    Args:
        text: the text; what is not UTF-8 in it replaced.
        problem: why it cannot be read, without a full stop.
    """

    text: str
    problem: str

    @property
    def place(self) -> Place:
        """The text as a whole."""
        return Place((), 0, len(self.text))

    def span(self, start: int, end: int) -> Span:
        """The span between two offsets."""
        return Span(position_in(self.text, start), position_in(self.text, end))


def read_policy(
    document: str | bytes, kind: PolicyType, resource_type: str
) -> WrittenPolicy | UnreadableText:
    """Read a policy; the arguments are those of `validate_policy`."""
    if isinstance(document, bytes):
        try:
            text = document.decode("utf-8")
        except UnicodeDecodeError as error:
            text = document.decode("utf-8", errors="replace")
            return UnreadableText(text, f"it is not UTF-8 at byte {error.start}")
    else:
        text = document
    try:
        parsed = parse_json(text)
    except PolicyError as error:
        parts = [f"{error.what} at {error.where}" if error.where else error.what]
        parts += [f"got {error.got}"] if error.got else []
        parts += [f"expected {error.expected}"] if error.expected else []
        return UnreadableText(text, ", ".join(parts))
    if not isinstance(parsed.root, JsonObject):
        return UnreadableText(text, "it is JSON, but no JSON object")
    if len(text) > LARGEST and len(text) - sum(map(text.count, " \t\r\n")) > LARGEST:
        return UnreadableText(text, f"it has {len(text)} characters, more than any policy may have")
    return WrittenPolicy(parsed.root, (), parsed, kind, resource_type)
