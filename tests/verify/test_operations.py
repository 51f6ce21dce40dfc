"""Only what reads is sent, and hands out no data."""

from __future__ import annotations

import botocore.session
import pytest
from botocore import xform_name

from revet.verify.read_only import REFUSED, is_reading


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
