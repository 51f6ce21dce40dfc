"""Write the page of each control, and their index, from the catalogue and the case files.

A page shows one configuration that passes and one that does not: the first of each kind in the
control's case file, which the tests run.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from revet.gate.catalog import Control, load_catalog
from revet.gate.frameworks import frameworks_of
from revet.model.control import ControlMeta

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs" / "controls"
CASES = ROOT / "tests" / "gate" / "cases"
_WHERE = {
    "check": "a plan or a state",
    "verify": "the account of a deployed stack",
    "audit": "a whole account",
}
_SHOWN = ("provider", "resource", "output")


def pages() -> dict[str, str]:
    """The text of every page, by its file name."""
    catalog = load_catalog()
    made = {f"{name}.md": _page(control, _cases(control)) for name, control in catalog.items()}
    return {"README.md": _index(catalog.values()), **made}


def _cases(control: Control) -> list[dict[str, Any]]:
    path = CASES / control.path.parent.name / f"{control.path.stem}.toml"
    cases: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["case"]
    return cases


def _index(controls: Iterable[Control]) -> str:
    lines = [
        "# Controls",
        "",
        "Generated from the catalogue; `make docs` writes these pages anew.",
        "",
        "| control | severity | the good state | judged by |",
        "|---|---|---|---|",
    ]
    for control in controls:
        meta = control.meta
        judged = ", ".join(meta.judged_by)
        lines.append(f"| [{meta.id}]({meta.id}.md) | {meta.severity} | {meta.title} | {judged} |")
    return "\n".join(lines) + "\n"


def _page(control: Control, cases: list[dict[str, Any]]) -> str:
    meta = control.meta
    judged = ", ".join(f"`{kind}`" for kind in meta.resources) or "the plan as a whole"
    parts = [f"# {meta.id}", f"**{_sentence(meta.title)}** Severity: {meta.severity}."]
    if meta.deprecated:
        parts.append(f"Deprecated: {_sentence(meta.deprecated)}")
    if control.on_request:
        parts.append("Runs only where a requirement, a baseline or a setting names it.")
    parts += [
        f"- Judges: {judged}\n- Required: {meta.required}\n- Otherwise: {meta.impact}",
        *_settings(control),
        "## Fix",
        _block("hcl", meta.fix),
    ]
    if meta.fix_construct:
        parts += ["With revet's constructs:", _block("py", meta.fix_construct)]
    for title, kind in (("Passes", "compliant"), ("Does not pass", "noncompliant")):
        case = next((case for case in cases if case["kind"] == kind), None)
        if case is not None:
            parts += [f"## {title}", _caption(case), _block("json", _example(case))]
    parts += ["## Judged by", _judged(meta), "## Supports", _supports(meta.id)]
    if meta.deviations:
        parts.append(f"Finds [deviations](../deviations.md): {', '.join(meta.deviations)}.")
    return "\n\n".join(parts) + "\n"


def _settings(control: Control) -> list[str]:
    if not control.settings:
        return []
    lines = ["| setting | type | default |", "|---|---|---|"]
    for name, setting in control.settings.items():
        default = control.meta.settings[name]
        shown = "none: the control runs only where it is set"
        if not setting.required:
            given = list(default) if isinstance(default, tuple) else default
            shown = f"`{json.dumps(given)}`"
        lines.append(f"| `{name}` | {setting.type_name} | {shown} |")
    return ["## Settings", "\n".join(lines)]


def _caption(case: Mapping[str, Any]) -> str:
    settings = case.get("settings", {})
    shown = ", ".join(f"`{name} = {json.dumps(value)}`" for name, value in settings.items())
    return _sentence(case["name"]) + (f" Settings: {shown}." if shown else "")


def _example(case: Mapping[str, Any]) -> str:
    """A case as configuration in Terraform's JSON syntax; its policies stay readable as text."""
    shown = {name: case[name] for name in _SHOWN if name in case}
    if "backend" in case:
        shown = {"terraform": {"backend": case["backend"]}, **shown}
    return json.dumps(shown, indent=2, ensure_ascii=False)


def _judged(meta: ControlMeta) -> str:
    where = "; ".join(f"`revet {name}` in {_WHERE[name]}" for name in meta.judged_by)
    return f"{_sentence(where)} The rule is the same."


def _supports(control: str) -> str:
    lines = [
        f"- {item.framework.title} {item.framework.version}: {', '.join(item.ids)}"
        for item in frameworks_of(control)
    ]
    return "\n".join(lines) or "No requirement of the frameworks that are mapped."


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def _block(language: str, text: str) -> str:
    return f"```{language}\n{text.strip()}\n```"
