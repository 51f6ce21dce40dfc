"""Keys of `for_each` in addresses, as Terraform writes them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revet.plan.address import last_index, parse_instance, with_index, without_indices

WRITTEN = {
    'a"].b': r'"a\"].b"',
    "ü ñ": '"ü ñ"',
    "a${b}": '"a$${b}"',
    "a$b": '"a$b"',
    "%{c}": '"%%{c}"',
    "back\\n": r'"back\\n"',
    "line\n\r\t": r'"line\n\r\t"',
    "\u200b": r'"\u200b"',
    "\U000e0001": r'"\U000e0001"',
}


@pytest.mark.parametrize(("key", "text"), WRITTEN.items(), ids=ascii)
def test_keys_are_written_as_terraform_writes_them(key: str, text: str) -> None:
    assert with_index("aws_s3_bucket.b", key) == f"aws_s3_bucket.b[{text}]"


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_every_key_is_read_back(key: str) -> None:
    address = with_index("aws_s3_bucket.b", key)

    assert last_index(address) == key
    assert parse_instance(f"{address}.arn") == ("aws_s3_bucket.b", key, "arn")
    assert without_indices(address) == "aws_s3_bucket.b"
