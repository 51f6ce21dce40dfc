"""Texts with JSON in them: as calls of `jsonencode` only where those come to the same."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from revet.synth.hcl import export_hcl
from revet.synth.hcl.documents import as_document
from revet.synth.hcl.layout import Assignment, Block, render

DOCUMENTS = {
    "a policy, whatever its order": ("aws_iam_policy", '{"b":1,"a":"${var.x}"}', True),
    "sorted as jsonencode sorts": ("aws_ssm_document", '{"a":"x","b":[1,true,null]}', True),
    "with a reference alone that may be no text": ("aws_ssm_document", '{"a":"${var.x}"}', False),
    "with a reference whose text jsonencode may escape": (
        "aws_ssm_document",
        '{"a":"x-${var.x}"}',
        False,
    ),
    "with a name of a member that jsonencode may sort": (
        "aws_ssm_document",
        '{"a":1,"${var.x}":2}',
        False,
    ),
    "sorted, with a document in it": ("aws_ssm_document", '{"a":${jsonencode([var.x])}}', True),
    "with a call, which may escape": (
        "aws_iam_policy",
        '{"a":"${replace(var.x, "y", "z")}"}',
        False,
    ),
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


IN_POLICIES = {
    "an attribute that is a text": ("${aws_iam_role.r.arn}", "aws_iam_role.r.arn"),
    "of one of several": ("${aws_iam_role.r[0].arn}", "aws_iam_role.r[0].arn"),
    "of one of several by a key": ("${aws_iam_role.r[each.key].id}", "aws_iam_role.r[each.key].id"),
    "of all of several": ("${aws_iam_role.r[*].arn}", "tostring(aws_iam_role.r[*].arn)"),
    "of a map of texts": ("${aws_iam_role.r.tags.arn}", "aws_iam_role.r.tags.arn"),
    "in a block": (
        "${aws_db_instance.r.master_user_secret[0].secret_arn}",
        "aws_db_instance.r.master_user_secret[0].secret_arn",
    ),
    "of a data source": (
        "${data.aws_caller_identity.c.account_id}",
        "data.aws_caller_identity.c.account_id",
    ),
    "of another provider": ("${other_role.r.id}", "tostring(other_role.r.id)"),
    "an attribute that may be a number": (
        "${aws_iam_role.r.max_session_duration}",
        "tostring(aws_iam_role.r.max_session_duration)",
    ),
    "a variable that is a text": ("${var.text}", "var.text"),
    "a variable of no type": ("${var.any}", "tostring(var.any)"),
    "a variable that is a number": ("${var.number}", "tostring(var.number)"),
    "a local value": ("${local.x}", "tostring(local.x)"),
    "a local value with text around it": ("x-${local.x}", '"x-${local.x}"'),
}


@pytest.mark.parametrize("about", IN_POLICIES)
def test_a_text_of_a_policy_stays_a_text(about: str) -> None:
    text, expected = IN_POLICIES[about]
    content = {
        "variable": {"text": {"type": "string"}, "any": {}, "number": {"type": "number"}},
        "locals": {"x": 1},
        "resource": {"aws_iam_policy": {"x": {"policy": json.dumps({"a": text})}}},
    }
    assert f"policy = jsonencode({{ a = {expected} }})" in export_hcl(content, "x").text


KINDS_OF_TEXT = {
    "number": 90,
    "bool": True,
    "angle": "a<b&c>",
    "quote": 'a\\"b\\\\',
    "plain": "q",
}
"""Values of variables; the quote is escaped by who gives it, as a text with JSON in it takes it."""


def test_a_text_with_json_in_it_comes_to_the_same_text(
    tmp_path: Path, terraform: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    variables = {name: {"default": value} for name, value in KINDS_OF_TEXT.items()}
    bodies = {
        f"{name}_{form}": {"input": json.dumps(document, separators=(",", ":"))}
        for name in KINDS_OF_TEXT
        for form, document in {
            "alone": {"a": f"${{var.{name}}}"},
            "inside": {"a": f"x-${{var.{name}}}-<y>"},
            "listed": ["a", f"${{var.{name}}}"],
            "member": {"a": 1, f"x-${{var.{name}}}": 2},
            "first": {f"${{var.{name}}}": 1, "zz": 2},
        }.items()
    }
    bodies["encoded"] = {"input": '{"a":${jsonencode([var.number, var.angle, var.quote])}}'}
    bodies["constant"] = {"input": '{"a":"\\u003cb","c":[1,true,null]}'}
    content = {"variable": variables, "resource": {"terraform_data": bodies}}
    written = export_hcl(content, "x").text
    assert written.count("jsonencode({") == 2
    found = []
    for file, text in (("main.tf.json", json.dumps(content)), ("main.tf", written)):
        folder = tmp_path / file.replace(".", "_")
        folder.mkdir()
        (folder / file).write_text(text, encoding="utf-8")
        shown = planned(folder, terraform)["root_module"]["resources"]
        found.append({item["address"]: item["values"]["input"] for item in shown})
    assert found[0] == found[1]
    assert len(found[0]) == len(bodies)


def planned(
    folder: Path, terraform: Callable[..., subprocess.CompletedProcess[str]]
) -> dict[str, Any]:
    terraform(f"-chdir={folder}", "init")
    terraform(f"-chdir={folder}", "plan", "-out=plan.bin")
    shown = json.loads(terraform(f"-chdir={folder}", "show", "-json", "plan.bin").stdout)
    values: dict[str, Any] = shown["planned_values"]
    return values


def test_an_encoded_document_comes_to_the_document(
    tmp_path: Path, terraform: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    texts = [text for _, text, encoded in DOCUMENTS.values() if encoded]
    texts += [
        '{"a":"$${aws:username} ${var.x}/*","${var.x}":"\\u0024${var.x}","q":"\\"\\\\"}',
        '[{"for":[]},{"b":"<&>"},-1,"${var.x}"]',
        '{"a":${jsonencode({b = [var.x, "c"]})},"d":"e"}',
        '{"a":"${var.number}","b":"${var.bool}","c":["${var.angle}","x${var.number}"]}',
    ]
    outputs = {f"c{number}": {"value": text} for number, text in enumerate(texts)}
    made = [as_document(text, list, is_policy=True) for text in texts]
    blocks = [
        Block(f'output "c{number}"', [Assignment("value", node)])
        for number, node in enumerate(made)
        if node is not None
    ]
    assert len(blocks) == len(texts)
    defaults = {"x": "q", "number": 90, "bool": True, "angle": "a<b&c>"}
    variables = {"variable": {name: {"default": value} for name, value in defaults.items()}}
    found = []
    for name, file, content in (
        ("json", "main.tf.json", json.dumps({"output": outputs})),
        ("hcl", "main.tf", render(blocks)),
    ):
        folder = tmp_path / name
        folder.mkdir()
        (folder / file).write_text(content, encoding="utf-8")
        (folder / "variable.tf.json").write_text(json.dumps(variables), encoding="utf-8")
        values = planned(folder, terraform)["outputs"]
        found.append({key: json.loads(item["value"]) for key, item in values.items()})
    assert found[0] == found[1]
