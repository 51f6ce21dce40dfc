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
from revet.synth.hcl.layout import WIDTH
from revet.synth.hcl.line import one_line
from revet.synth.hcl.tree import literal

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


def test_names_that_others_know_stay() -> None:
    content = {
        "variable": {"who_5D719C34": {"type": "string"}},
        "output": {
            "cross_5D719C34": {"value": "${var.who_5D719C34}"},
            "cross": {"value": 1},
        },
    }
    exported = export_hcl(content, "x")
    assert 'output "cross_5D719C34" {\n  value = var.who_5D719C34\n}' in exported.text
    assert 'variable "who_5D719C34" {' in exported.text
    assert exported.addresses["output.cross_5D719C34"] == "output.cross_5D719C34"


def test_what_means_nothing_without_a_state_is_left_out_and_named() -> None:
    moved = [{"from": "aws_vpc.a", "to": "aws_vpc.b"}]
    removed = {"from": "aws_vpc.c", "lifecycle": {"destroy": False}}
    exported = export_hcl({"moved": moved, "removed": removed, "import": []}, "x")
    assert exported.left_out == ("moved", "removed")
    assert "# Left out: `moved` and `removed`" in exported.text
    assert BLOCK.findall(exported.text) == []
    assert "moved" not in export_hcl({"output": {"a": {"value": 1}}}, "x").text
    assert export_hcl({"moved": []}, "x").left_out == ()


PROSE = "This describes what the value is for, in so many words that they do not fit into one line."
LONG = f"{PROSE} {PROSE}"
UNTOUCHED = {
    "paragraphs": f"{PROSE}\n\n{PROSE}",
    "two spaces": f"{PROSE}  {PROSE}",
    "a space at the end": f"{LONG} ",
    "a tab": f"{PROSE}\t{PROSE}",
    "a space that does not break": f"{PROSE}\u00a0{PROSE}",
    "what is not seen": f"{PROSE} \u200b{PROSE}",
    "the end of a heredoc": f"{'a' * 90} EOT {'b' * 90}",
}


@pytest.mark.parametrize("about", UNTOUCHED)
@pytest.mark.parametrize("kind", ["variable", "output"])
def test_a_description_that_is_no_plain_prose_stays_as_it_is(about: str, kind: str) -> None:
    body = {"description": UNTOUCHED[about], **({"value": 1} if kind == "output" else {})}
    text = export_hcl({kind: {"a": body}}, "x").text
    assert "<<" not in text
    assert f"description = {one_line(literal(UNTOUCHED[about]))}\n" in text


def test_long_prose_is_set_in_lines() -> None:
    text = export_hcl({"variable": {"a": {"description": LONG}}}, "x").text
    lines = text.partition("<<-EOT\n")[2].partition("\n  EOT\n")[0].split("\n")
    assert len(lines) > 1
    assert " ".join(line.strip() for line in lines) == LONG


def terraform_block(**settings: Any) -> str:  # noqa: ANN401 - any JSON value
    return export_hcl({"terraform": settings}, "x").text.partition("\nterraform {\n")[2]


def test_experiments_are_written_once_and_without_quotes() -> None:
    text = terraform_block(experiments=["ephemeral_values", "unknown_instances"])
    assert text == "  experiments = [ephemeral_values, unknown_instances]\n}\n"


BACKENDS = {
    "remote": (
        {"organization": "o", "workspaces": {"name": "w"}},
        '    organization = "o"\n\n    workspaces {\n      name = "w"\n    }\n',
    ),
    "kubernetes": (
        {"secret_suffix": "s", "exec": [{"command": "c"}]},
        '    secret_suffix = "s"\n\n    exec {\n      command = "c"\n    }\n',
    ),
    "s3": (
        {"bucket": "b", "assume_role": {"role_arn": "r"}},
        '    bucket      = "b"\n    assume_role = { role_arn = "r" }\n',
    ),
}


@pytest.mark.parametrize("name", BACKENDS)
def test_what_is_a_block_in_a_backend_is_one(name: str) -> None:
    body, expected = BACKENDS[name]
    assert terraform_block(backend={name: body}) == f'  backend "{name}" {{\n{expected}  }}\n}}\n'


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


OWN_TAGS: dict[str, dict[str, Any]] = {
    "the element of for_each": {"K": "${each.key}"},
    "in the tag's name": {"${each.key}": "1"},
    "in a call": {"K": "x-${lower(each.value.name)}"},
    "in a text of an expression": {"K": '${true ? "${each.key}" : ""}'},
    "in an index": {"K": "${var.names[count.index]}"},
    "the number of count": {"K": "${count.index}"},
    "itself": {"K": "${self.id}"},
    "a resource": {"K": "${aws_vpc.v0.id}"},
    "a module": {"K": "${module.net.id}"},
    "a directive": {"K": "%{if each.key == 1}a%{endif}"},
    "what a for goes through": {"K": '${join("", [for n in var.names : n])}'},
    "no text": {"K": True},
}
SHARED_TAGS: dict[str, dict[str, Any]] = {
    "a variable": {"K": "x-${var.stage}"},
    "a local value": {"K": "${lower(local.stage)}"},
    "a data source": {"K": "${data.aws_region.r.name}"},
    "a part of one": {"K": "${data.aws_region.r[0].name}"},
    "an escape": {"K": "$${each.key}"},
}


@pytest.mark.parametrize("about", [*OWN_TAGS, *SHARED_TAGS])
@pytest.mark.parametrize("with_defaults", [True, False])
def test_what_a_local_value_cannot_refer_to_is_no_common_tag(
    about: str, *, with_defaults: bool
) -> None:
    tags: dict[str, Any] = {"A": "1", **(OWN_TAGS.get(about) or SHARED_TAGS[about])}
    text = tags_of(tags, tags, defaults=tags if with_defaults else None)
    [common] = re.findall(r"common_tags = (\{[^\n]*\}|\{.*?\n  \})", text, re.DOTALL)
    assert (common == '{ A = "1" }') is (about in OWN_TAGS)


def test_tags_that_only_python_compares_equal_are_not_common() -> None:
    assert "common_tags" not in tags_of({"A": True}, {"A": 1})  # type: ignore[dict-item]


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
