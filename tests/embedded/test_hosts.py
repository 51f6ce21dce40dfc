import tomllib
from pathlib import Path
from typing import Any

import pytest

from revet.embedded.hosts import canonical, is_aws, without_port

CASES = tomllib.loads((Path(__file__).parent / "cases" / "hosts.toml").read_text())["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["asked"])
def test_host(case: dict[str, Any]) -> None:
    host = without_port(case["asked"])
    assert is_aws(host) is not case.get("refused", False)
    if not case.get("refused"):
        assert canonical(host) == case["canonical"]
