"""Write the page of each finding code of `revet iam validate`, and their index.

A page shows one policy with the finding and one without it: the first of each in the case file of
the code, which the tests run.
"""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from revet.iam.prove.codes import PROOF_PREFIX, load_proofs
from revet.iam.review import review_policy
from revet.iam.validate import PolicyType
from revet.iam.validate.catalog import load_checks
from revet.iam.validate.finding import OWN_PREFIX, Check, Level

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs" / "findings"
IAM_TESTS = ROOT / "tests" / "iam"
_INTRODUCTION = (
    "What `revet iam validate` and the control `iam-policy-valid` find in a policy. Codes that "
    f"begin with `{OWN_PREFIX}` are revet's own; all others have the name and the extent of those "
    f"of IAM Access Analyzer. Codes that begin with `{PROOF_PREFIX}` rest on a proof over all "
    "requests. Generated; `make docs` writes these pages."
)
_PADDING = "@padding@"
_LEVELS = {
    Level.ERROR: "AWS refuses the policy, or ignores a part of it",
    Level.SECURITY_WARNING: "the policy allows more than is safe",
    Level.WARNING: "the policy does something else than it seems to",
    Level.SUGGESTION: "the policy can be written better",
}


def pages() -> dict[str, str]:
    """The text of every page, by its file name."""
    checks = dict(sorted((load_checks() | load_proofs()).items()))
    made = {f"{code}.md": _page(found, _cases(code)) for code, found in checks.items()}
    return {"README.md": _index(checks.values()), **made}


def _cases(code: str) -> Mapping[str, list[dict[str, Any]]]:
    room = "prove" if code.startswith(PROOF_PREFIX) else "validate"
    path = IAM_TESTS / room / "cases" / f"{code}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _index(checks: Iterable[Check]) -> str:
    parts = ["# Findings", _INTRODUCTION]
    known = list(checks)
    for level, meaning in _LEVELS.items():
        rows = [
            f"| [{one.code}]({one.code}.md) | {_first(one)} |"
            for one in known
            if one.level is level
        ]
        parts += [
            f"## {level}: {meaning}",
            "\n".join(["| code | it is about |", "|---|---|", *rows]),
        ]
    return "\n\n".join(parts) + "\n"


def _page(found: Check, cases: Mapping[str, list[dict[str, Any]]]) -> str:
    ours = found.code.startswith(OWN_PREFIX)
    whose = "revet's own" if ours else "IAM Access Analyzer's"
    parts = [
        f"# {found.code}",
        f"Level: {found.level}, {_LEVELS[found.level]}. The code is {whose}.",
        _said(found),
        *_rests(found),
        f"Policies: {_types(found.types)}.",
        f"Source: {found.source}.",
    ]
    fires = next(iter(cases.get("fires", ())), None)
    if fires is not None:
        details = _details(found.code, fires)
        parts += [
            "## With the finding",
            _sentence(fires["name"]),
            _policy(fires),
            f"> {details}",
        ]
    silent = next(iter(cases.get("silent", ())), None)
    if silent is not None:
        parts += ["## Without it", _sentence(silent["name"]), _policy(silent)]
    return "\n\n".join(parts) + "\n"


def _details(code: str, case: Mapping[str, Any]) -> str:
    long = case.get("padding_text", "x") * case.get("padding", 0)
    policy = case["policy"].replace(_PADDING, long)
    found = review_policy(policy, case["type"], case.get("resource_type", ""))
    return next(item.details for item in found if item.code == code)


def _policy(case: Mapping[str, Any]) -> str:
    kind = case["type"]
    of = f" of {case['resource_type']}" if case.get("resource_type") else ""
    text = case["policy"].replace(_PADDING, "…").strip()
    return f"Policy type: `{kind}`{of}.\n\n```json\n{text}\n```"


def _said(found: Check) -> str:
    return inspect.cleandoc(found.find.__doc__ or "")


def _rests(found: Check) -> Iterator[str]:
    """On what a rule rests that AWS has few answers of."""
    if found.answers is not None:
        count = f" and on {found.answers} of its answers on its own policies"
        none = ": none of its answers on its own policies is of this kind"
        yield f"Rests on AWS's page of checks{count if found.answers else none}."


def _first(found: Check) -> str:
    return " ".join(_said(found).split("\n\n", 1)[0].split())


def _types(types: Iterable[PolicyType]) -> str:
    chosen = frozenset(types)
    if chosen == frozenset(PolicyType):
        return "of all types"
    return ", ".join(f"`{kind}`" for kind in PolicyType if kind in chosen)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "?", "!")) else ".")
