"""Variables that a program asks for: described, typed, validated, and under the names given."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from tests.constructs.conftest import TAGS

from revet.constructs import kms
from revet.constructs.context import Context
from revet.constructs.variable import variable
from revet.model.errors import ArgumentError
from revet.synth import new_app, synth
from revet.synth.hcl import export_hcl

OWNER: dict[str, Any] = {
    "type": "string",
    "description": "Who answers for the stack.",
    "condition": "length(trimspace(var.owner)) > 0",
    "error_message": "Name somebody.",
}
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "a type that Terraform lacks": ({"type": "text"}, "type"),
    "no description": ({"description": " "}, "description"),
    "a condition about something else": ({"condition": "length(var.other) > 0"}, "condition"),
    "a condition with a sign around it": ({"condition": "${var.owner != null}"}, "condition"),
    "a message that is no sentence": ({"error_message": "name somebody"}, "error_message"),
    "sensitive by a text": ({"sensitive": "yes"}, "sensitive"),
}


def test_a_variable_reaches_the_file_as_a_person_would_write_it(tmp_path: Path) -> None:
    import cdktn  # noqa: PLC0415 - after `revet.constructs`, which chooses Node

    app = new_app(tmp_path)
    stack = cdktn.TerraformStack(app, "Asks")
    owner = variable(stack, "owner", **OWNER)
    Context(
        stack,
        prefix="app",
        environment_suffix="test",
        region="eu-central-1",
        tags={**TAGS, "Owner": owner.string_value},
    )
    cdktn.LocalBackend(stack, path="terraform.tfstate")
    key = kms.Key(stack, "data-key", description="Data")
    ranges = variable(
        key,
        "allowed_cidr_blocks",
        type="list(string)",
        description="Ranges that may reach the endpoints.",
        default=["10.0.0.0/8"],
        condition="alltrue([for block in var.allowed_cidr_blocks : can(cidrhost(block, 0))])",
        error_message="Each one must be a range such as 10.0.0.0/8.",
    )
    cdktn.TerraformOutput(stack, "ranges", value=ranges.list_value, static_id=True)
    made = synth(app).stacks["Asks"]
    text = export_hcl(made.json, made.name).text
    assert (
        """
variable "allowed_cidr_blocks" {
  description = "Ranges that may reach the endpoints."
  type        = list(string)
  default     = ["10.0.0.0/8"]
  nullable    = false

  validation {
    condition     = alltrue([for block in var.allowed_cidr_blocks : can(cidrhost(block, 0))])
    error_message = "Each one must be a range such as 10.0.0.0/8."
  }
}

variable "owner" {
  description = "Who answers for the stack."
  type        = string
  nullable    = false

  validation {
    condition     = length(trimspace(var.owner)) > 0
    error_message = "Name somebody."
  }
}
"""
        in text
    )
    assert re.search(r"common_tags = \{[^}]*Owner +=  ?var\.owner", text)
    assert "value = var.allowed_cidr_blocks" in text


@pytest.mark.parametrize("about", BAD)
def test_a_bad_argument_is_refused_and_leaves_nothing_behind(tmp_path: Path, about: str) -> None:
    import cdktn  # noqa: PLC0415 - after `revet.constructs`, which chooses Node

    changed, argument = BAD[about]
    stack = cdktn.TerraformStack(new_app(tmp_path), "Asks")
    with pytest.raises(ArgumentError) as raised:
        variable(stack, "owner", **{**OWNER, **changed})
    assert raised.value.where == f"argument `{argument}`"
    assert not stack.node.children


def test_a_name_is_one_of_terraform(tmp_path: Path) -> None:
    import cdktn  # noqa: PLC0415 - after `revet.constructs`, which chooses Node

    stack = cdktn.TerraformStack(new_app(tmp_path), "Asks")
    with pytest.raises(ArgumentError, match="name"):
        variable(stack, "the-owner", **OWNER)
