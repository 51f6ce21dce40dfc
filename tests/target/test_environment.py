"""Of the user's environment only what is listed reaches Terraform."""

from __future__ import annotations

import os

import pytest

from revet.model.errors import UsageError
from revet.target.environment import for_init, for_terraform, plugin_folders

USERS = {
    "PATH": "/usr/bin",
    "TF_CLI_ARGS": "-lock=false",
    "TF_CLI_ARGS_apply": "-state-out=elsewhere",
    "TF_CLI_ARGS_init": "-upgrade -plugin-dir=/plugins -backend-config=evil",
    "TF_CLI_CONFIG_FILE": os.devnull,
    "TF_REATTACH_PROVIDERS": "{}",
    "TF_LOG": "TRACE",
    "TF_LOG_PATH": "/elsewhere",
    "TF_VAR_size": "3",
    "TF_PLUGIN_CACHE_DIR": "/cache",
    "TF_TOKEN_example_com": "secret",
    "TF_STATE_PERSIST_INTERVAL": "1",
    "TERRAFORM_CONFIG": "/config",
    "TF_FUTURE": "unknown",
    "TF_WORKSPACE": "mine",
}


def terraforms(environment: dict[str, str]) -> dict[str, str]:
    ours = ("TF_IN_AUTOMATION", "TF_INPUT")
    return {k: v for k, v in environment.items() if k.startswith("T") and k not in ours}


def test_a_plan_gets_values_and_nothing_that_changes_the_command() -> None:
    assert terraforms(for_terraform(USERS)) == {
        "TF_CLI_CONFIG_FILE": os.devnull,
        "TF_LOG": "TRACE",
        "TF_VAR_size": "3",
        "TF_WORKSPACE": "mine",
    }


def test_init_gets_what_fetching_needs_besides() -> None:
    own = {**USERS, "AWS_PROFILE": "mine", "SSH_AUTH_SOCK": "/agent", "HTTPS_PROXY": "http://own"}
    target = {"PATH": "/bin", "AWS_REGION": "x", "HTTPS_PROXY": "http://gateway"}
    environment = for_init(target, own)
    assert terraforms(environment) == {
        "TERRAFORM_CONFIG": "/config",
        "TF_CLI_ARGS_init": "-plugin-dir=/plugins",
        "TF_CLI_CONFIG_FILE": os.devnull,
        "TF_LOG": "TRACE",
        "TF_PLUGIN_CACHE_DIR": "/cache",
        "TF_TOKEN_example_com": "secret",
        "TF_VAR_size": "3",
    }
    assert environment["SSH_AUTH_SOCK"] == "/agent"
    assert environment["HTTPS_PROXY"] == "http://own"
    assert "AWS_PROFILE" not in environment
    assert for_init({**target, "TF_WORKSPACE": "default"}, own)["TF_WORKSPACE"] == "default"


@pytest.mark.parametrize(
    ("written", "folders"),
    [
        ("", ()),
        ("-upgrade", ()),
        ("-plugin-dir=/a", ("/a",)),
        ("--plugin-dir=/a -plugin-dir /b", ("/a", "/b")),
        ("-plugin-dir='/a folder' -lock=false", ("/a folder",)),
        ("-not-plugin-dir=/a", ()),
        ("-backend-config=x=-plugin-dir=/a", ()),
        ("-plugin-dir", ()),
    ],
)
def test_plugin_folders_are_read_exactly(written: str, folders: tuple[str, ...]) -> None:
    assert plugin_folders({"TF_CLI_ARGS_init": written}) == folders


def test_a_folder_with_a_space_stays_one() -> None:
    own = {"TF_CLI_ARGS_init": "-plugin-dir='/a folder' -upgrade"}
    again = for_init({}, own)
    assert plugin_folders(again) == ("/a folder",)


def test_arguments_that_cannot_be_read() -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        for_init({}, {"TF_CLI_ARGS_init": "-plugin-dir='/a"})
