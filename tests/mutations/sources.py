"""What Terraform reads of a stack: a configuration, and the files beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sources:
    """A configuration in Terraform's JSON syntax, and what stands in folders beside it.

    Args:
        configuration: the content of `main.tf.json`.
        files: path below its folder to text: the `main.tf` of a module, a template.
    """

    configuration: Json
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """Of all that Terraform reads; what is written for people and other programs is not."""
        text = json.dumps([without_comments(self.configuration), self.files], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def without_comments(value: object) -> Any:  # noqa: ANN401 - JSON
    """A configuration without its keys `//`, which Terraform skips."""
    if isinstance(value, dict):
        return {key: without_comments(item) for key, item in value.items() if key != "//"}
    if isinstance(value, list):
        return [without_comments(item) for item in value]
    return value
