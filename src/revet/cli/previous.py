"""An earlier verdict to compare with: `--previous`, or a `--baseline` that is a verdict."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from revet.cli.verdict_file import read_verdict
from revet.gate.comparison import compare
from revet.model.errors import UsageError
from revet.model.verdict import Verdict

_VERDICT = ".json"


@dataclass(frozen=True, slots=True)
class Previous:
    """What a call compares with.

    Args:
        baseline: what is left of `--baseline`: a set of controls, by name or TOML file.
        verdict: the earlier verdict; None when there is nothing to compare with.
        fail_on_new: whether failures that it has already do not block.
    """

    baseline: str | None = None
    verdict: Verdict | None = None
    fail_on_new: bool = False

    def beside(self, verdict: Verdict) -> Verdict:
        """A verdict with its comparison; as it is when there is nothing to compare with.

        Args:
            verdict: of this call.
        """
        if self.verdict is None:
            return verdict
        comparison = compare(verdict, self.verdict, fail_on_new=self.fail_on_new)
        return replace(verdict, comparison=comparison)


def earlier(
    previous: Path | None, baseline: str | None = None, *, fail_on_new: bool = False
) -> Previous:
    """Read the earlier verdict of a call, before the call writes a verdict of its own.

    Args:
        previous: what `--previous` names.
        baseline: what `--baseline` names: a path that ends in `.json` is an earlier verdict,
            everything else a set of controls.
        fail_on_new: whether `--fail-on-new` was given.

    Raises:
        UsageError: two earlier verdicts, none where one is needed, or no such file.
        InputError: the file is not a verdict.
    """
    if baseline is not None and baseline.lower().endswith(_VERDICT):
        if previous is not None:
            raise UsageError(
                "two earlier verdicts to compare with",
                where="--previous and --baseline",
                got=f"`{previous}` and `{baseline}`",
                expected="one; a `--baseline` that ends in `.json` means the same as `--previous`",
                do="leave one of them out",
            )
        previous, baseline = Path(baseline), None
    if previous is None:
        if fail_on_new:
            raise UsageError(
                "no earlier verdict to distinguish new failures from old ones",
                where="--fail-on-new",
                got="no earlier verdict",
                expected="`--previous VERDICT.json`, a file that `--format json` wrote",
                do="add it",
            )
        return Previous(baseline)
    return Previous(baseline, read_verdict(previous), fail_on_new)
