"""The whole file: its looks, its names, its groups, and what it makes of each form of a block."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from revet.synth.hcl import export_hcl
from revet.synth.hcl.concerns import CONCERNS, concern_of
from revet.synth.hcl.documents import as_document
from revet.synth.hcl.layout import WIDTH, Assignment, Block, render

FORMS = Path(__file__).parent / "forms"
GOLDEN = Path(__file__).parents[2] / "golden" / "tap"
STACKS = {
    "forms": (FORMS / "cdk.tf.json", FORMS / "forms.tf", "Forms"),
    "tap": (GOLDEN / "protected.json", GOLDEN / "tap_stack.tf", "TapStack"),
}
HASH = re.compile(r"_[0-9A-F]{8}\b")
BLOCK = re.compile(r'^(\w+)(?: "([^"]+)")?(?: "([^"]+)")? \{', re.MULTILINE)
HEADING = re.compile(r"^# -{78}\n# (.+)\n# -{78}\n", re.MULTILINE)


@pytest.fixture(params=STACKS)
def exported(request: pytest.FixtureRequest) -> tuple[dict[str, Any], str]:
    path, _, name = STACKS[request.param]
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content, export_hcl(content, name).text


def test_every_form_of_a_block_is_written_so() -> None:
    path, expected, name = STACKS["forms"]
    written = export_hcl(json.loads(path.read_text(encoding="utf-8")), name).text
    assert written == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", STACKS)
def test_terraform_would_lay_it_out_so(
    name: str, terraform: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    assert terraform("fmt", "-check", "-diff", str(STACKS[name][1])).stdout == ""


def test_it_reads_well(exported: tuple[dict[str, Any], str]) -> None:
    _, text = exported
    assert [line for line in text.splitlines() if len(line) > WIDTH] == []
    assert not HASH.search(text)
    assert '"${' not in re.sub(r'"\$\{[^"]*\}[^"]+"', "", text), "a reference alone needs no quotes"
    assert "\n\n\n" not in text
    assert text.endswith("}\n")


def test_every_group_has_a_heading_and_outputs_come_last(
    exported: tuple[dict[str, Any], str],
) -> None:
    _, text = exported
    _, *parts = HEADING.split(text)
    assert parts[-2] == "Outputs"
    for heading, body in zip(parts[::2], parts[1::2], strict=True):
        blocks = BLOCK.findall(body)
        assert blocks, heading
        types = {labels[0] for kind, *labels in blocks if kind == "resource"}
        assert {concern_of(name) for name in types} <= {heading}


def test_every_taggable_resource_has_the_common_tags(
    exported: tuple[dict[str, Any], str],
) -> None:
    content, text = exported
    tagged = [
        body["tags"]
        for bodies in content["resource"].values()
        for body in bodies.values()
        if {"Owner"} <= body.get("tags", {}).keys()
    ]
    assert text.count("tags = merge(local.common_tags, {") + text.count(
        "  tags = local.common_tags\n"
    ) == len(tagged) + text.count("default_tags {")
    assert text.count("common_tags = {") == 1


def test_no_reference_is_lost(exported: tuple[dict[str, Any], str]) -> None:
    """Each `${…}` of the JSON is an expression of the file, under the new names."""
    content, text = exported
    addresses = export_hcl(content, "x").addresses
    referred = {
        addresses.get(found, found)
        for found in re.findall(r"\b(?:data\.)?aws_\w+\.[\w-]+", json.dumps(content["resource"]))
        if found in addresses
    }
    assert referred
    assert {
        name for name in referred if not re.search(rf"{re.escape(name)}[.\[\],]", text)
    } == set()


def test_each_address_is_there_once(exported: tuple[dict[str, Any], str]) -> None:
    content, text = exported
    addresses = export_hcl(content, "x").addresses
    assert len(set(addresses.values())) == len(addresses)
    declared = {
        ".".join(filter(None, labels if kind == "resource" else (kind, *labels)))
        for kind, *labels in BLOCK.findall(text)
    }
    assert set(addresses.values()) <= declared


def test_every_concern_is_reached() -> None:
    for heading, starts in CONCERNS.items():
        assert {concern_of(f"aws_{start}_x") for start in starts} == {heading}
    assert concern_of("aws_new_service") == concern_of("random_id") == "Other resources"


def named(*resources: tuple[str, str, str], records: dict[str, str] | None = None) -> list[str]:
    """The new addresses of resources of type, old name and construct path."""
    bodies: dict[str, dict[str, Any]] = {}
    for kind, old, path in resources:
        bodies.setdefault(kind, {})[old] = {"//": {"metadata": {"path": path}}, "tags": {}}
    made = [
        {"construct": kind, "path": path, "resources": []} for path, kind in (records or {}).items()
    ]
    content = {"//": {"revet": {"constructs": made}}, "resource": bodies}
    return list(export_hcl(content, "x").addresses.values())


CHOSEN: dict[str, tuple[list[tuple[str, str, str]], dict[str, str], list[str]]] = {
    "the noun of a construct goes": (
        [("aws_kms_key", "data-key_00000000", "S/data-key/key")],
        {"S/data-key": "kms.Key"},
        ["aws_kms_key.data"],
    ),
    "a noun alone stays": (
        [("aws_iam_policy", "mfa-guard_policy_00000000", "S/mfa-guard/policy")],
        {"S/mfa-guard": "iam.MfaGuard"},
        ["aws_iam_policy.mfa_guard"],
    ),
    "what only repeats the type is the main one": (
        [("aws_vpc", "vpc_00000000", "S/vpc/vpc")],
        {},
        ["aws_vpc.main"],
    ),
    "an outer scope tells two apart": (
        [
            ("aws_s3_bucket", "a_log_00000000", "S/a/log/bucket"),
            ("aws_s3_bucket", "b_log_00000001", "S/b/log/bucket"),
        ],
        {},
        ["aws_s3_bucket.a_log", "aws_s3_bucket.b_log"],
    ),
    "a number tells them apart where nothing else does": (
        [
            ("aws_s3_bucket", "a_00000000", "S/a-x/bucket"),
            ("aws_s3_bucket", "a_00000001", "S/a_x/bucket"),
        ],
        {},
        ["aws_s3_bucket.a_x", "aws_s3_bucket.a_x_2"],
    ),
    "the program's own name stays, and others make way": (
        [
            ("aws_s3_bucket", "logs", "S/logs-thing/bucket"),
            ("aws_s3_bucket", "logs_bucket_00000001", "S/logs/bucket"),
        ],
        {},
        ["aws_s3_bucket.logs", "aws_s3_bucket.logs_2"],
    ),
    "a name does not begin with a digit": (
        [("aws_subnet", "0_00000000", "S/0/subnet")],
        {},
        ["aws_subnet.subnet_0"],
    ),
    "humps are words": (
        [("aws_s3_bucket", "MyData_00000000", "S/MyData/Bucket")],
        {},
        ["aws_s3_bucket.my_data"],
    ),
    "without a path the old name loses its hash": (
        [("aws_s3_bucket", "data_bucket_00000000", "")],
        {},
        ["aws_s3_bucket.data"],
    ),
}


@pytest.mark.parametrize("case", CHOSEN)
def test_names_are_those_that_a_person_would_choose(case: str) -> None:
    resources, records, expected = CHOSEN[case]
    assert named(*resources, records=records) == expected


def tags_of(*tags: dict[str, str], defaults: dict[str, str] | None = None) -> str:
    content: dict[str, Any] = {
        "resource": {"aws_vpc": {f"v{n}": {"tags": one} for n, one in enumerate(tags)}}
    }
    if defaults is not None:
        content["provider"] = {"aws": [{"default_tags": [{"tags": defaults}]}]}
    return export_hcl(content, "x").text


def test_common_tags_are_the_default_tags_where_a_resource_has_them() -> None:
    text = tags_of({"A": "1", "Name": "v"}, {"Name": "w"}, defaults={"A": "1"})
    assert 'common_tags = { A = "1" }' in text
    assert 'tags = merge(local.common_tags, { Name = "v" })' in text
    assert 'tags = { Name = "w" }' in text


def test_common_tags_are_those_that_all_have_without_default_tags() -> None:
    text = tags_of({"A": "1", "B": "2"}, {"A": "1", "B": "3"})
    assert 'common_tags = { A = "1" }' in text
    assert 'tags = merge(local.common_tags, { B = "2" })' in text


def test_without_common_tags_there_is_no_local_value() -> None:
    assert "common_tags" not in tags_of({"A": "1"}, {"A": "2"})
    assert "common_tags" not in tags_of()


def test_a_local_value_of_that_name_is_the_program_s_own() -> None:
    content = {
        "locals": {"common_tags_00000000": {"A": "2"}},
        "resource": {"aws_vpc": {"v": {"tags": {"A": "1"}}}},
    }
    text = export_hcl(content, "x").text
    assert text.count("common_tags") == 1
    assert 'tags = { A = "1" }' in text


DOCUMENTS = {
    "a policy, whatever its order": ("aws_iam_policy", '{"b":1,"a":"${var.x}"}', True),
    "sorted as jsonencode sorts": ("aws_ssm_document", '{"a":"${var.x}","b":[1,true,null]}', True),
    "in another order": ("aws_ssm_document", '{"b":1,"a":2}', False),
    "with white space": ("aws_ssm_document", '{"a": 1}', False),
    "with a member twice": ("aws_iam_policy", '{"a":1,"a":2}', False),
    "with a fraction": ("aws_iam_policy", '{"a":1.50}', False),
    "with a directive": ("aws_iam_policy", '{"a":"%{if true}x%{endif}"}', False),
    "with a reference that is no text": ("aws_iam_policy", '{"a":${var.x}}', False),
    "with a document in it": ("aws_iam_policy", '{"a":${jsonencode([var.x])}}', True),
    "with more than a document in it": (
        "aws_iam_policy",
        '{"a":${jsonencode(1)}${jsonencode(2)}}',
        False,
    ),
    "with a sum of documents in it": (
        "aws_iam_policy",
        '{"a":${jsonencode(1) + length(var.x)}}',
        False,
    ),
    "not closed": ("aws_iam_policy", '{"a":1', False),
    "empty": ("aws_iam_policy", "{}", False),
}


@pytest.mark.parametrize("about", DOCUMENTS)
def test_a_document_is_encoded_only_where_it_comes_to_the_same(about: str) -> None:
    kind, text, encoded = DOCUMENTS[about]
    name = "policy" if kind == "aws_iam_policy" else "content"
    written = export_hcl({"resource": {kind: {"x": {name: text}}}}, "x").text
    assert (f"{name} = jsonencode({{" in written) is encoded


def test_an_encoded_document_comes_to_the_document(
    tmp_path: Path, terraform: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    texts = [text for _, text, encoded in DOCUMENTS.values() if encoded]
    texts += [
        '{"a":"$${aws:username} ${var.x}/*","${var.x}":"\\u0024${var.x}","q":"\\"\\\\"}',
        '[{"for":[]},{"b":"<&>"},-1,"${var.x}"]',
        '{"a":${jsonencode({b = [var.x, "c"]})},"d":"e"}',
    ]
    outputs = {f"c{number}": {"value": text} for number, text in enumerate(texts)}
    made = [as_document(text, list, is_policy=True) for text in texts]
    blocks = [
        Block(f'output "c{number}"', [Assignment("value", node)])
        for number, node in enumerate(made)
        if node is not None
    ]
    assert len(blocks) == len(texts)
    variable = 'variable "x" {\n  default = "q"\n}\n'
    found = []
    for name, file, content in (
        ("json", "main.tf.json", json.dumps({"output": outputs})),
        ("hcl", "main.tf", render(blocks)),
    ):
        folder = tmp_path / name
        folder.mkdir()
        (folder / file).write_text(content, encoding="utf-8")
        (folder / "variable.tf").write_text(variable, encoding="utf-8")
        terraform(f"-chdir={folder}", "init")
        terraform(f"-chdir={folder}", "plan", "-out=plan.bin")
        shown = json.loads(terraform(f"-chdir={folder}", "show", "-json", "plan.bin").stdout)
        values = shown["planned_values"]["outputs"]
        found.append({key: json.loads(item["value"]) for key, item in values.items()})
    assert found[0] == found[1]
