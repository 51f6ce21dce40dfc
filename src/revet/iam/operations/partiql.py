"""PartiQL statements of DynamoDB: which action, on which table or index.

Source: Amazon DynamoDB Developer Guide, "PartiQL statements for DynamoDB" and "IAM security
policies with PartiQL for DynamoDB".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = r'(?:"(?P<quoted>[^"]+)"|(?P<bare>[A-Za-z_][\w]*))(?:\."(?P<index>[^"]+)")?'
_FORMS = (
    ("PartiQLSelect", re.compile(rf"\s*select\b.*?\bfrom\s+{_NAME}.*", re.IGNORECASE | re.DOTALL)),
    ("PartiQLInsert", re.compile(rf"\s*insert\s+into\s+{_NAME}.*", re.IGNORECASE | re.DOTALL)),
    ("PartiQLUpdate", re.compile(rf"\s*update\s+{_NAME}.*", re.IGNORECASE | re.DOTALL)),
    ("PartiQLDelete", re.compile(rf"\s*delete\s+from\s+{_NAME}.*", re.IGNORECASE | re.DOTALL)),
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement.

    Args:
        action: without the service's prefix.
        table: its name.
        index: of the table; empty for the table itself.
    """

    action: str
    table: str
    index: str


def read_statement(text: str) -> Statement | None:
    """Which action a statement is; none for one that is not known here, such as `EXISTS(…)`."""
    for action, form in _FORMS:
        match = form.fullmatch(text)
        if match is not None:
            return Statement(action, match["quoted"] or match["bare"], match["index"] or "")
    return None
