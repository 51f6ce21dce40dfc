import tomllib
from pathlib import Path
from typing import Any

import pytest

from revet.embedded.service_access import service_may

CASES = tomllib.loads((Path(__file__).parent / "cases" / "service_access.toml").read_text())["case"]
CONTEXT = {
    "aws:sourcearn": "arn:trail",
    "aws:sourceaccount": "123456789012",
    "aws:securetransport": "true",
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_service_may(case: dict[str, Any]) -> None:
    allowed = service_may(
        case["policy"],
        "cloudtrail.amazonaws.com",
        "s3:PutObject",
        "arn:aws:s3:::logs/AWSLogs/123456789012/x",
        CONTEXT,
    )
    assert allowed is case["allowed"]


def test_a_policy_that_is_no_json_is_an_error() -> None:
    with pytest.raises(ValueError, match="Expecting"):
        service_may("{", "cloudtrail.amazonaws.com", "s3:PutObject", "*", CONTEXT)
