"""What attacks ask for is what AWS's own clients can ask for."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import botocore.session
import pytest

FILES = sorted((Path(__file__).parents[2] / "src/revet/blueprints").glob("*/attacks.toml"))
SESSION = botocore.session.get_session()
OTHER_NAMES = {
    "lambda:InvokeFunction": "lambda:Invoke",
    "s3:ListAllMyBuckets": "s3:ListBuckets",
    "s3:ListBucket": "s3:ListObjectsV2",
}
"""Actions that allow an operation of another name. (Service Authorization Reference.)"""
WITHOUT_OPERATION = {
    "account:CloseAccount": "the console asks for it; other accounts are closed by Organizations",
    "ec2messages:SendReply": "only the agent of Systems Manager calls it",
    "iam:PassRole": "a permission that other operations ask for",
    "ssmmessages:CreateControlChannel": "only the agent of Systems Manager calls it",
    "ssmmessages:OpenDataChannel": "only the agent and the plugin of sessions call it",
}


def _actions() -> list[str]:
    attacks = (one for file in FILES for one in tomllib.loads(file.read_text("utf-8"))["attack"])
    return sorted({one["action"] for one in attacks})


@cache
def _operations(service: str) -> frozenset[str]:
    return frozenset(SESSION.get_service_model(service).operation_names)


@pytest.mark.parametrize("action", [one for one in _actions() if one not in WITHOUT_OPERATION])
def test_it_exists(action: str) -> None:
    service, _, name = OTHER_NAMES.get(action, action).partition(":")
    assert name in _operations(service)


@pytest.mark.parametrize("action", WITHOUT_OPERATION)
def test_one_without_operation_is_asked_for_and_has_none(action: str) -> None:
    service, _, name = action.partition(":")
    assert action in _actions()
    assert service not in SESSION.get_available_services() or name not in _operations(service)
