"""Sources of somebody who means no good: bounded, kept inside, and never better than the plan."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import sources as measuring
from revet.model.finding import Status
from revet.plan import Inventory, load_plan
from revet.plan.values import Undecided

STACKS = measuring.STACKS


@pytest.fixture
def stack(tmp_path: Path) -> Callable[[str], Path]:
    def copied(name: str) -> Path:
        shutil.copytree(STACKS / name, tmp_path / name)
        return tmp_path / name

    return copied


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def ignored(plan: Inventory) -> tuple[str, ...]:
    assert plan.sources is not None
    return plan.sources.ignored


def read(stack: Path) -> Inventory:
    return load_plan(stack / "plan.json", sources=stack)


LOCALS = {
    "a cycle of two": "x = local.y\n y = local.x",
    "a cycle of one": 'x = "${local.x}a"',
    "a cycle through an index": "x = [local.y]\n y = local.x[0]",
    "a text that doubles itself": "x = local.t40\n"
    + "".join(f't{i} = "${{local.t{i - 1}}}${{local.t{i - 1}}}"\n' for i in range(1, 41))
    + 't0 = "0123456789"',
    "a list that doubles itself": "x = local.t40\n"
    + "".join(f"t{i} = [local.t{i - 1}, local.t{i - 1}]\n" for i in range(1, 41))
    + "t0 = 1",
    "failures that double themselves": "x = local.t40\n"
    + "".join(f"t{i} = [local.t{i - 1}, local.t{i - 1}]\n" for i in range(1, 41))
    + "t0 = {}.none",
    "tries that double themselves": "x = local.t40\n"
    + "".join(f"t{i} = try(local.t{i - 1}, local.t{i - 1})\n" for i in range(1, 41))
    + "t0 = {}.none",
    "loops in loops": "x = [for a in range(5000) : [for b in range(5000) : [a, b]]]",
    "a product": "x = setproduct(range(5000), range(5000))",
    "a long way": "".join(f"t{i} = local.t{i + 1}\n" for i in range(5000))
    + "t5000 = 1\nx = local.t0",
    "a large range": "x = range(1000000000)",
    "numbers that grow": "x = local.t40\n"
    + "".join(f"t{i} = local.t{i - 1} * local.t{i - 1}\n" for i in range(1, 41))
    + "t0 = 123456789",
}


@pytest.mark.parametrize("name", LOCALS)
def test_a_hostile_local_value_leaves_unknown_what_is_made_of_it(
    name: str, stack: Callable[[str], Path]
) -> None:
    """The lie: a list of statements, of which the plan only knows that it is a local value."""
    where = stack("locals")
    edit(where / "main.tf", "values(local.statements)", "values(local.x)")
    edit(where / "plan.json", '["local.statements"]', '["local.x"]')
    edit(where / "main.tf", "locals {", f"locals {{\n{LOCALS[name]}\n}}\nlocals {{")
    plan = read(where)
    value = plan.resources["aws_iam_policy.all"].get("policy")
    assert isinstance(value, Undecided)
    answers = {
        item.address: item.status
        for item in measuring.measure(where, sources=True).findings
        if item.control == "iam-policy-valid"
    }
    assert answers["aws_iam_policy.all"] is Status.UNKNOWN
    assert answers["aws_iam_policy.bad_local"] is Status.FAIL


def test_a_source_that_knows_what_the_plan_does_not_is_not_believed(
    stack: Callable[[str], Path],
) -> None:
    """Were it so, Terraform had known it, too."""
    where = stack("locals")
    constant = 'kms_arn = "arn:aws:kms:a:b:key/c"'
    edit(where / "main.tf", "kms_arn   = aws_kms_key.main.arn", constant)
    plan = read(where)
    value = plan.resources["aws_cloudwatch_log_group.direct"].get("kms_key_id")
    assert isinstance(value, Undecided)
    assert plan.sources is not None
    assert "aws_cloudwatch_log_group.direct.kms_key_id" not in plan.sources.used


def test_a_policy_of_constants_where_the_plan_does_not_know_it_is_not_believed(
    stack: Callable[[str], Path],
) -> None:
    where = stack("locals")
    statement = '{ Effect = "Deny", Action = "*", Resource = "*" }'
    edit(
        where / "main.tf", "  statements = {", f"  statements = {{ all = {statement} }}\n  old = {{"
    )
    answers = {
        (item.control, item.address): item.status
        for item in measuring.measure(where, sources=True).findings
    }
    assert answers["iam-policy-valid", "aws_iam_policy.all"] is Status.UNKNOWN


def test_what_the_plan_knows_is_never_asked_of_the_sources(stack: Callable[[str], Path]) -> None:
    where = stack("locals")
    edit(where / "main.tf", "prod = 365", "prod = 1")
    edit(where / "main.tf", 'name      = "locals"', 'name      = "other"')
    plan = read(where)
    group = plan.resources["aws_cloudwatch_log_group.app"]
    assert group.get("retention_in_days") == 365
    assert group.get("name") == "/app/locals"


def test_a_dynamic_block_with_other_elements_than_planned_is_not_believed(
    stack: Callable[[str], Path],
) -> None:
    where = stack("dynamic")
    edit(where / "main.tf", "for_each = [aws_s3_bucket.b.arn]", "for_each = []")
    answers = {
        (item.control, item.address): item.status
        for item in measuring.measure(where, sources=True).findings
    }
    assert answers["iam-policy-valid", "aws_iam_policy.bad_dynamic"] is not Status.PASS


def test_a_count_that_is_said_to_be_nothing_is_held_against_the_plan(
    stack: Callable[[str], Path],
) -> None:
    """The plan has an instance: the source's own word does not take it away."""
    where = stack("conditional")
    edit(where / "main.tf", 'variable "queue" { default = true }', 'variable "queue" {}')
    plan = read(where)
    document = plan.resources["aws_iam_policy.q"].policy()
    assert document is not None
    assert "${aws_sqs_queue.q[0].arn}" in document.statements[0].resources


def test_links_are_not_followed(stack: Callable[[str], Path], tmp_path: Path) -> None:
    where = stack("network")
    outside = tmp_path / "outside"
    (where / "modules" / "vpc").rename(outside)
    (where / "modules" / "vpc").symlink_to(outside)
    texts = ignored(read(where))
    assert len(texts) == 2
    assert all("link" in text for text in texts)


def test_a_linked_file_is_not_read(stack: Callable[[str], Path], tmp_path: Path) -> None:
    where = stack("locals")
    (where / "main.tf").rename(tmp_path / "elsewhere.tf")
    (where / "main.tf").symlink_to(tmp_path / "elsewhere.tf")
    assert "link" in ignored(read(where))[0]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_not_waited_for(stack: Callable[[str], Path]) -> None:
    where = stack("locals")
    os.mkfifo(where / "more.tf")
    assert "not a file" in ignored(read(where))[0]


@pytest.mark.parametrize(
    "path", ["../outside", "./modules/../../outside", "./modules/vpc/../../../outside"]
)
def test_modules_outside_of_the_folder_are_not_read(
    path: str, stack: Callable[[str], Path], tmp_path: Path
) -> None:
    where = stack("network")
    shutil.copytree(where / "modules" / "vpc", tmp_path / "outside")
    data = json.loads((where / "plan.json").read_text())
    for call in data["configuration"]["root_module"]["module_calls"].values():
        call["source"] = path
    (where / "plan.json").write_text(json.dumps(data))
    texts = ignored(read(where))
    assert len(texts) == 2
    assert all("outside of" in text for text in texts)


@pytest.mark.parametrize(
    "path", ["/etc/hostname", "../secret.json", "${path.module}/../secret.json"]
)
def test_files_outside_of_the_folder_are_not_read(
    path: str, stack: Callable[[str], Path], tmp_path: Path
) -> None:
    where = stack("heredoc")
    (tmp_path / "secret.json").write_text((where / "tls.json.tftpl").read_text())
    edit(where / "main.tf", "${path.module}/tls.json.tftpl", path)
    data = (where / "plan.json").read_text()
    if "path.module" not in path:
        edit(where / "main.tf", "templatefile(", 'templatefile(path.module == "" ? "" : ')
    (where / "plan.json").write_text(data)
    plan = read(where)
    assert ignored(plan) == ()
    value = plan.resources["aws_s3_bucket_policy.template"].get("policy")
    assert isinstance(value, Undecided)
    answers = {
        (item.control, item.address): item.status
        for item in measuring.measure(where, sources=True).findings
    }
    assert answers["s3-bucket-tls-only", "aws_s3_bucket.template"] is Status.UNKNOWN


def test_a_module_that_calls_itself_ends(stack: Callable[[str], Path]) -> None:
    """The plan says how deep modules are; the sources are read once a folder."""
    where = stack("nested")
    edit(where / "modules/store/main.tf", '"../encrypted"', '"."')
    plan = read(where)
    assert plan.sources is not None
    assert set(plan.sources.modules) == {
        "",
        "module.queues",
        "module.stores",
        "module.stores.module.own_key",
        "module.stores_key",
    }


def test_too_large_a_file_is_not_read(stack: Callable[[str], Path]) -> None:
    where = stack("locals")
    (where / "large.tf").write_text("#" * (2**20 + 1))
    assert "more than 1 MiB" in ignored(read(where))[0]


def test_too_many_files_are_not_read(stack: Callable[[str], Path]) -> None:
    where = stack("locals")
    for number in range(10_001):
        (where / f"{number}.txt").touch()
    assert "more than 10,000 files" in ignored(read(where))[0]


def test_two_readings_that_both_match_are_none(stack: Callable[[str], Path]) -> None:
    """OpenTofu reads `main.tofu` in the place of `main.tf`: which made the plan is not said."""
    where = stack("locals")
    shutil.copy(where / "main.tf", where / "main.tofu")
    assert "both match" in ignored(read(where))[0]


def test_the_reading_that_matches_is_chosen(stack: Callable[[str], Path]) -> None:
    where = stack("locals")
    (where / "main.tf").rename(where / "main.tofu")
    (where / "main.tf").write_text('resource "aws_sns_topic" "other" {}\n')
    assert ignored(read(where)) == ()
