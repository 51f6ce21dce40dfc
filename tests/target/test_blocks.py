"""The blocks of a file are those that Terraform finds in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from revet.model.errors import InputError
from revet.target.blocks import Block, read_blocks


def read(tmp_path: Path, text: str, name: str = "main.tf") -> tuple[Block, ...]:
    file = tmp_path / name
    file.write_text(text)
    return read_blocks(file)


def test_what_looks_like_a_block_and_is_none(tmp_path: Path) -> None:
    text = """
    # provider "comment" {}
    // provider "comment" {}
    /* provider "comment" {
    } */
    locals {
      heredoc = <<-EOT
        provider "text" {
          "unbalanced
        ${join(",", ["}"])}
      EOT
      text = "provider \\"text\\" { ${"}"} # no comment"
    }
    provider "real" {}
    """
    blocks = read(tmp_path, text)
    assert [(block.kind, block.labels) for block in blocks] == [
        ("locals", ()),
        ("provider", ("real",)),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_marks_do_not_matter(tmp_path: Path, end: str, mark: str) -> None:
    text = f'{mark}provider "aws" {{{end}  alias = "x"{end}}}{end}provider aws {{{end}}}{end}'
    first, second = read(tmp_path, text)
    assert (first.labels, first.arguments["alias"].value) == (("aws",), "x")
    assert second.labels == ("aws",)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('provider "aws" {', "main.tf"),
        ('provider "aws" {}}', "main.tf"),
        ('provider "a${1}" {}', "main.tf"),
        ('provider "\\u0061ws" {}', "main.tf"),
        ('x = <<EOT\nprovider "aws" {}\n', "main.tf"),
        ("{", "main.tf.json"),
        ('{"provider": NaN}', "main.tf.json"),
        ("[" * 100_000, "main.tf.json"),
    ],
)
def test_what_cannot_be_read_without_a_doubt_is_refused(
    tmp_path: Path, text: str, name: str
) -> None:
    with pytest.raises(InputError, match="without a doubt"):
        read(tmp_path, text, name)


def test_other_encodings_are_refused(tmp_path: Path) -> None:
    for name in ("main.tf", "main.tf.json"):
        (tmp_path / name).write_bytes('{"provider": {"aws": {}}}'.encode("utf-16"))
        with pytest.raises(InputError, match="without a doubt"):
            read_blocks(tmp_path / name)


@pytest.mark.parametrize(
    "text",
    [
        '{"provider": {"aws": {"alias": "x"}}}',
        '{"provider": {"aws": [{"alias": "x"}]}}',
        '{"provider": [{"aws": [{"alias": "x"}]}]}',
        '[{"provider": {"aws": {"alias": "x"}}}]',
        '{"//": "a comment", "provider": {"//": "too", "aws": {"//": "too", "alias": "x"}}}',
    ],
)
def test_json_may_say_it_in_several_ways(tmp_path: Path, text: str) -> None:
    [block] = read(tmp_path, text, "main.tf.json")
    assert (block.kind, block.labels, list(block.arguments)) == ("provider", ("aws",), ["alias"])


def test_no_pair_of_json_is_lost(tmp_path: Path) -> None:
    text = '{"provider": {"aws": {"alias": "x"}, "aws": {"alias": "y"}}, "provider": {"aws": {}}}'
    blocks = read(tmp_path, text, "main.tf.json")
    assert [
        block.arguments.get("alias") and block.arguments["alias"].value for block in blocks
    ] == [
        "x",
        "y",
        None,
    ]


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ('"a"', True),
        ("true", True),
        ("null", True),
        ('["a", "b"]', True),
        ('"a${b}"', False),
        ('"a$${b}"', False),
        ("var.x", False),
        ('["a", var.x]', False),
        ('upper("a")', False),
        ("<<EOT\na\nEOT", False),
    ],
)
def test_only_what_is_written_out_is_known(tmp_path: Path, text: str, *, known: bool) -> None:
    [block] = read(tmp_path, f'provider "aws" {{\n  a = {text}\n}}\n')
    assert block.arguments["a"].known is known


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('p "x" {\n dynamic "endpoints" {\n for_each = []\n content {\n a = 1\n }\n }\n}', "a.tf"),
        (
            '{"provider": {"x": {"dynamic": {"endpoints": {"content": {"a": 1}}}}}}',
            "a.tf.json",
        ),
        (
            '{"provider": {"x": {"dynamic": [{"endpoints": [{"content": [{"a": 1}]}]}]}}}',
            "a.tf.json",
        ),
    ],
)
def test_dynamic_blocks_count_as_what_they_make(tmp_path: Path, text: str, name: str) -> None:
    [block] = read(tmp_path, text, name)
    [inner] = block.inner("endpoints")
    assert inner.generated
    assert list(inner.arguments) == ["a"]
