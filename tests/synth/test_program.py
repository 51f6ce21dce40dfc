from __future__ import annotations

from pathlib import Path

import pytest

from revet.model.errors import ArgumentError, InputError, UsageError
from revet.synth.app import Synthesis
from revet.synth.program import run_program

PROGRAMS = Path(__file__).parent / "programs"


def run(name: str, tmp_path: Path, *arguments: str) -> Synthesis:
    return run_program([str(PROGRAMS / name), *arguments], tmp_path / "deep" / "out")


def test_every_stack_is_read_back(tmp_path: Path) -> None:
    made = run("two.py", tmp_path, "a", "b")
    assert list(made.stacks) == ["a", "b"]
    assert made.output == "made a b\n"
    assert made.directory == tmp_path / "deep" / "out"
    for name, stack in made.stacks.items():
        assert stack.json["output"]["said"]["value"] == name
        assert stack.json_path == stack.directory / "cdk.tf.json"


def test_an_error_of_ours_keeps_its_class_and_fields(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError) as caught:
        run("refused.py", tmp_path)
    error = caught.value
    assert (error.what, error.got, error.expected, error.do) == (
        "`x` is wrong",
        "1",
        "2",
        "write 2",
    )
    assert error.where.startswith("argument `x`, ")
    assert error.where.endswith("refused.py:5")
    assert error.exit_code == 3


def test_another_error_names_the_users_line(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        run("crash.py", tmp_path)
    assert caught.value.where == f"{PROGRAMS / 'crash.py'}:8"
    assert caught.value.got == "KeyError: 'nothing'"


def test_a_program_may_end_with_a_code(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="`7`"):
        run("exits.py", tmp_path)


def test_a_value_that_would_be_lost_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="read_write_type") as caught:
        run("lossy.py", tmp_path)
    assert "lossy.py:10" in caught.value.where
    assert "eventSelector[0]" in caught.value.where


def test_a_program_without_synthesis(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"app\.synth\(\)"):
        run("nothing.py", tmp_path)


def test_an_old_synthesis_is_not_taken_for_a_new_one(tmp_path: Path) -> None:
    run("two.py", tmp_path, "a")
    with pytest.raises(InputError, match=r"app\.synth\(\)"):
        run("nothing.py", tmp_path)


@pytest.mark.parametrize("argv", [[], ["absent.py"]])
def test_no_such_program(tmp_path: Path, argv: list[str]) -> None:
    with pytest.raises(UsageError):
        run_program(argv, tmp_path)


def test_another_command_runs_as_it_is(tmp_path: Path) -> None:
    script = (
        'mkdir -p "$CDKTF_OUTDIR/stacks/s" && echo "{}" > "$CDKTF_OUTDIR/stacks/s/cdk.tf.json" &&'
        'echo \'{"stacks": {"s": {"synthesizedStackPath": "stacks/s/cdk.tf.json"}}}\''
        ' > "$CDKTF_OUTDIR/manifest.json"'
    )
    assert list(run_program(["sh", "-c", script], tmp_path).stacks) == ["s"]
    with pytest.raises(InputError, match="exit code 3\nsorry"):
        run_program(["sh", "-c", "echo sorry; exit 3"], tmp_path)
