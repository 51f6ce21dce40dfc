from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

import pytest

from revet.target.binary import find_terraform


@pytest.fixture(scope="session")
def terraform() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs Terraform, which must succeed; nothing here needs a provider."""
    binary = find_terraform()
    environment = {k: v for k, v in os.environ.items() if k != "TF_CLI_CONFIG_FILE"}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        ended = subprocess.run(
            [str(binary.path), *arguments], capture_output=True, text=True, check=False,
            env={**environment, "NO_COLOR": "1", "TF_CLI_ARGS": "-no-color", "TF_INPUT": "0"},
        )  # fmt: skip
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended

    return run
