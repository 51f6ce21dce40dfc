"""Print how our findings compare with IAM Access Analyzer's, by level and by code.

    python -m scripts.compare_findings FOLDER [--type identity] [--code CODE] [--differences]

`FOLDER/policies/NAME.json` holds a policy, `FOLDER/findings/NAME.json` what ValidatePolicy answered
for that very text; a policy without an answer had no finding. A finding is right when its code, its
level and all its places are AWS's. Precision is the share of ours that are right, recall the share
of AWS's that we have. Codes of our own are left out.

Each half of the policies, split by a hash of their names, is printed beside the whole: where the
halves differ widely, a rule rests on few policies.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from revet.iam.validate import PolicyType, validate_policy
from revet.iam.validate.finding import OWN_PREFIX, Level


@dataclass(frozen=True, slots=True)
class Found:
    """One finding on one policy; `locations` holds all paths and spans as JSON."""

    policy: str
    code: str
    level: str
    locations: str

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths alone, a step a slash."""
        return tuple(
            "/".join(str(value) for step in location["path"] for value in step.values())
            for location in json.loads(self.locations)
        )


Wanted: TypeAlias = Callable[[Found], bool]
"""Whether a finding is counted."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Findings on the policies of a folder.

    Args:
        theirs: Access Analyzer's.
        ours: those of the same policies here.
        policies: how many there are; 0 for a part of them.
    """

    theirs: Counter[Found]
    ours: Counter[Found]
    policies: int = 0

    @property
    def right(self) -> Counter[Found]:
        """What both have."""
        return self.theirs & self.ours


@dataclass(frozen=True, slots=True)
class Row:
    """How many findings of a kind there are."""

    theirs: int
    ours: int
    right: int

    @property
    def precision(self) -> float | None:
        """Share of ours that are right; None when we have none."""
        return self.right / self.ours if self.ours else None

    @property
    def recall(self) -> float | None:
        """Share of AWS's that we have; None when AWS has none."""
        return self.right / self.theirs if self.theirs else None


def compare(folder: Path, policy_type: str = "identity") -> Comparison:
    """Validate the policies of a folder and read AWS's answers.

    Args:
        folder: with `policies/` and `findings/`.
        policy_type: of all policies.

    Raises:
        FileNotFoundError: there are no policies.
    """
    paths = sorted((folder / "policies").glob("*.json"))
    if not paths:
        raise FileNotFoundError(folder / "policies")
    theirs: Counter[Found] = Counter()
    ours: Counter[Found] = Counter()
    for path in paths:
        answer = folder / "findings" / path.name
        if answer.exists():
            theirs.update(_read(path.stem, one) for one in json.loads(answer.read_bytes()))
        ours.update(
            _read(path.stem, one.as_dict())
            for one in validate_policy(path.read_bytes(), policy_type)
            if not one.code.startswith(OWN_PREFIX)
        )
    return Comparison(theirs, ours, len(paths))


def row(compared: Comparison, wanted: Wanted | None = None) -> Row:
    """Count the findings that a test picks; all of them without one."""
    return Row(*(_count(each, wanted) for each in (compared.theirs, compared.ours, compared.right)))


def split(compared: Comparison) -> tuple[Comparison, Comparison]:
    """The findings on either half of the policies, chosen by a hash of their names."""
    first, second = (
        Comparison(*(_of_half(found, half) for found in (compared.theirs, compared.ours)))
        for half in (0, 1)
    )
    return first, second


def _of_half(found: Counter[Found], half: int) -> Counter[Found]:
    return Counter(
        {
            one: number
            for one, number in found.items()
            if hashlib.sha256(one.policy.encode()).digest()[0] % 2 == half
        }
    )


def of_code(code: str) -> Wanted:
    """A test for the findings of a code."""
    return lambda one: one.code == code


def of_level(level: str) -> Wanted:
    """A test for the findings of a level."""
    return lambda one: one.level == level


def _count(found: Counter[Found], wanted: Wanted | None) -> int:
    return sum(number for one, number in found.items() if wanted is None or wanted(one))


def _read(policy: str, finding: dict[str, Any]) -> Found:
    locations = json.dumps(finding["locations"], sort_keys=True)
    return Found(policy, finding["issueCode"], finding["findingType"], locations)


def main(arguments: Iterable[str] | None = None) -> int:
    """Compare and print.

    Returns:
        0, or 3 when the folder holds no policies.
    """
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--type", choices=[str(kind) for kind in PolicyType], default="identity")
    parser.add_argument("--code", action="append", default=[], help="only this code; repeatable")
    parser.add_argument("--differences", action="store_true", help="list each finding that differs")
    options = parser.parse_args(None if arguments is None else list(arguments))
    try:
        compared = compare(options.folder, options.type)
    except FileNotFoundError as error:
        print(f"no policies: got an empty {error}; expected NAME.json files in it", file=sys.stderr)
        return 3
    _print_table(compared, frozenset(options.code))
    if options.differences:
        _print_differences(compared, frozenset(options.code))
    return 0


def _print_table(compared: Comparison, only: frozenset[str]) -> None:
    print(f"{compared.policies} policies")
    head = ("", "AWS", "ours", "right", "precision", "recall", "1st half", "2nd half")
    print(f"{head[0]:<66}" + "".join(f"{name:>10}" for name in head[1:]))
    present = {one.code: one.level for one in (*compared.ours, *compared.theirs)}
    if not only:
        _print_row("all", compared, None)
    for level in map(str, Level):
        codes = sorted(code for code, its in present.items() if its == level)
        shown = [code for code in codes if not only or code in only]
        if shown:
            _print_row(level, compared, of_level(level))
        for code in shown:
            _print_row(f"  {code}", compared, of_code(code))


def _print_row(name: str, compared: Comparison, wanted: Wanted | None) -> None:
    whole = row(compared, wanted)
    halves = [row(each, wanted) for each in split(compared)]
    both = "".join(f"{_share(half.precision)}/{_share(half.recall)}".rjust(10) for half in halves)
    print(
        f"{name:<66}{whole.theirs:>10}{whole.ours:>10}{whole.right:>10}"
        f"{_share(whole.precision):>10}{_share(whole.recall):>10}{both}"
    )


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def _print_differences(compared: Comparison, only: frozenset[str]) -> None:
    for name, found in (
        ("only AWS", compared.theirs - compared.ours),
        ("only ours", compared.ours - compared.theirs),
    ):
        for one in sorted(found.elements(), key=lambda one: (one.code, one.policy, one.locations)):
            if not only or one.code in only:
                print(f"{name}: {one.code} on {one.policy} at {', '.join(one.paths)}")


if __name__ == "__main__":
    sys.exit(main())
