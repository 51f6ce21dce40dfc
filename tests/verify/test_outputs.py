"""Outputs of a deployed stack; sensitive ones are there without being shown."""

from __future__ import annotations

from typing import Any, cast

import pytest

from revet.model.finding import Status
from revet.verify.checks.terraform.outputs import check
from revet.verify.reader import Reader
from revet.verify.subject import Deployment

NOBODY = cast("Reader", None)
"""No output of these names anything that would be asked for."""


@pytest.mark.parametrize(
    ("outputs", "withheld", "names", "status"),
    [
        ({}, (), (), Status.FAIL),
        ({}, ("cross-stack-output-aws_kms_keykeyarn",), (), Status.PASS),
        ({}, ("password",), ("password",), Status.PASS),
        ({}, ("password",), ("key_arn",), Status.FAIL),
        ({"size": 3}, (), ("size",), Status.PASS),
        ({"size": 3}, ("password",), ("size", "password"), Status.PASS),
        ({"size": 3}, (), ("size", "password"), Status.FAIL),
        ({"size": None}, ("password",), (), Status.FAIL),
    ],
)
def test_which_outputs_count(
    outputs: dict[str, Any], withheld: tuple[str, ...], names: tuple[str, ...], status: Status
) -> None:
    found = check(Deployment("s", (), outputs, withheld), NOBODY, names=names)
    assert found.status is status
