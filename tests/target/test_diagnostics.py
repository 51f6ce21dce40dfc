import pytest
from hypothesis import given
from hypothesis import strategies as st

from revet.model.finding import SourceLine
from revet.target.diagnostics import Diagnostic, Place, failure, without_keys

KEYS = st.text(alphabet='ab."[]\\{}$', max_size=6)


@given(st.lists(st.tuples(st.sampled_from(["module.a", "aws_x.b"]), KEYS), min_size=1))
def test_instance_keys_go_whatever_they_hold(parts: list[tuple[str, str]]) -> None:
    quoted = [key.replace("\\", "\\\\").replace('"', '\\"') for _, key in parts]
    full = ".".join(f'{name}["{key}"]' for (name, _), key in zip(parts, quoted, strict=True))
    assert without_keys(full) == ".".join(name for name, _ in parts)


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("aws_s3_bucket.x", "aws_s3_bucket.x"),
        ("aws_s3_bucket.x[0]", "aws_s3_bucket.x"),
        ('module.m["a.b"].aws_x.y["]"].arn', "module.m.aws_x.y.arn"),
    ],
)
def test_plain_addresses(address: str, plain: str) -> None:
    assert without_keys(address) == plain


@pytest.mark.parametrize(
    ("context", "address"),
    [
        ("resource.aws_kms_key.data", "aws_kms_key.data"),
        ("resource.aws_kms_key.data.policy", "aws_kms_key.data"),
        ("data.aws_region.here", "data.aws_region.here"),
        ("provider.aws", ""),
        ("resource", ""),
        (None, ""),
    ],
)
def test_the_snippet_s_context_holds_the_address(context: str | None, address: str) -> None:
    raw = {"severity": "error", "summary": "s", "snippet": {"context": context}}
    assert Diagnostic.from_message(raw).address == address


def test_an_instance_s_own_place_comes_before_its_resource_s() -> None:
    places = {
        "aws_x.y": Place("stack/y", SourceLine("a.py", 1)),
        'aws_x.y["k"]': Place("stack/y-k", SourceLine("a.py", 2)),
    }
    assert Diagnostic("error", "s", address='aws_x.y["k"]').where(places) == (
        'aws_x.y["k"], stack/y-k, a.py:2'
    )
    assert Diagnostic("error", "s", address="aws_x.y[0]").where(places) == (
        "aws_x.y[0], stack/y, a.py:1"
    )


def test_without_a_python_line_the_configuration_s_line_is_shown() -> None:
    item = Diagnostic("error", "s", address="aws_x.y", file="main.tf", line=4)
    assert item.where({}) == "aws_x.y, main.tf:4"
    assert item.where({"aws_x.y": Place("stack/y")}) == "aws_x.y, stack/y, main.tf:4"


def test_further_errors_are_counted_not_lost() -> None:
    errors = [Diagnostic("error", f"Number {n}", address=f"aws_x.n{n}") for n in range(9)]
    warning = Diagnostic("warning", "Deprecated")
    error = failure("apply", 1, [warning, *errors], [], {})
    assert error.what == "terraform apply failed: number 0"
    assert error.where == "aws_x.n0"
    assert "also: aws_x.n5: Number 5" in error.got
    assert "Number 6" not in error.got
    assert error.got.endswith("and 3 more")
    assert error.diagnostics == tuple(errors)


def test_what_is_said_already_is_not_said_twice() -> None:
    error = failure("apply", 1, [Diagnostic("error", "creating KMS Key: denied")], [], {})
    assert str(error).count("creating KMS Key: denied") == 1


@pytest.mark.parametrize(
    ("summary", "detail", "advice"),
    [
        ("Error acquiring the state lock", "", "wait until the other run has ended"),
        ("Failed to save state", "write x: no space left on device", "free some disk space"),
        ("Failed to open state", "open x: permission denied", "make the folder writable"),
        ("Instance cannot be destroyed", "", "the stack protects this resource"),
        ("creating KMS Key", "AccessDeniedException", "correct the cause and run it again"),
    ],
)
def test_the_advice_fits_the_error(summary: str, detail: str, advice: str) -> None:
    error = failure("apply", 1, [Diagnostic("error", summary, detail)], [], {})
    assert error.do.startswith(advice)
