"""Every answer is read to its end."""

from __future__ import annotations

import re
from typing import Any

import boto3
import botocore.session

Recording = Any  # of conftest.py, which the test folders cannot import
_TOKEN = re.compile(r"token$|^(next)?marker$|^last.*key$|^istruncated$", re.IGNORECASE)
BY_HAND: set[tuple[str, str]] = set()
"""Operations that botocore does not page; a test shows that the reader does."""


def test_operations_that_answer_in_pages_are_paged(everything: Recording) -> None:
    session = boto3.session.Session("testing", "testing", region_name="us-west-2")
    model = botocore.session.get_session()
    found = set()
    for service, operation in sorted(everything.sent):
        client = session.client(service)
        name = client.meta.method_to_api_mapping[operation]
        shape = model.get_service_model(service).operation_model(name).output_shape
        paged = any(_TOKEN.search(member) for member in shape.members)
        if paged and not client.can_paginate(operation):
            found.add((service, operation))
    assert found == BY_HAND
