"""Which controls run, and with which settings.

Precedence of a setting: the rule's default < the baseline < the requirements. A control that a
requirement names runs even where the baseline leaves it out, and one that runs on request only
where a requirement, the baseline or a setting names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from revet.gate.baseline import Baseline
from revet.gate.catalog import Catalog, Control
from revet.model.control import ControlMeta
from revet.model.fields import check_fields, check_name
from revet.model.requirement import RequirementSet

_NOTHING = ((), "")
"""Values of a required setting that ask for nothing: no keys, no pattern."""


@dataclass(frozen=True, slots=True)
class Selected:
    """A control with the settings that it runs with.

    Args:
        control: of the catalogue.
        settings: every parameter of its rule that has a value.
        missing: parameters that have neither default nor value, or an empty one; with any the
            control cannot run, and its finding says *not exercised*.
        named: whether a requirement, the baseline or a setting of it asks for it by name, not with
            all others.
    """

    control: Control
    settings: Mapping[str, Any]
    missing: tuple[str, ...] = ()
    named: bool = False

    @property
    def meta(self) -> ControlMeta:
        """Its description with the settings that it runs with; without those that are missing."""
        given = {key: value for key, value in self.settings.items() if key not in self.missing}
        return replace(self.control.meta, settings=given)


def select(
    catalog: Catalog, baseline: Baseline | None, requirements: RequirementSet | None
) -> tuple[Selected, ...]:
    """Choose the controls that run; deprecated ones never do.

    Args:
        catalog: all controls.
        baseline: `None` for the whole catalogue.
        requirements: may add controls and settings.

    Returns:
        In the order of the catalogue.

    Raises:
        ConfigError: an id or a setting that does not exist, or a value of the wrong type.
    """
    chosen = baseline or Baseline("none")
    required = requirements or RequirementSet("none", (), {})
    _check_known(catalog, chosen, required)
    asked: dict[str, dict[str, Any]] = {}
    for where, tables in (
        (f"baseline `{chosen.name}`", chosen.settings),
        (f"requirements `{required.name}`", required.settings),
    ):
        for name, table in tables.items():
            values = _read(_known(catalog, name, f"{where}, settings"), table, where)
            asked.setdefault(name, {}).update(values)
    by_rows = {name for row in required.rows for name in row.controls}
    named = {*chosen.controls, *by_rows, *asked}
    running = {*catalog} if "*" in chosen.controls else {*catalog} & {*chosen.controls}
    idle = {name for name, control in catalog.items() if control.on_request} - named
    running = (running - idle - {*chosen.without}) | by_rows
    selected = []
    for name, control in catalog.items():
        if name not in running or control.meta.deprecated:
            continue
        defaults = {
            key: value
            for key, value in control.meta.settings.items()
            if not control.settings[key].required
        }
        settings = defaults | asked.get(name, {})
        missing = tuple(
            key
            for key, setting in control.settings.items()
            if key not in settings or (setting.required and settings[key] in _NOTHING)
        )
        selected.append(Selected(control, settings, missing, name in named))
    return tuple(selected)


def _check_known(catalog: Catalog, baseline: Baseline, requirements: RequirementSet) -> None:
    where = f"baseline `{baseline.name}`"
    listed = tuple(name for name in baseline.controls if name != "*")
    places = [(where, listed), (f"{where}, without", baseline.without)]
    places += [
        (f"requirements `{requirements.name}`, {row.id}", row.controls) for row in requirements.rows
    ]
    for place, names in places:
        for name in names:
            _known(catalog, name, place)


def _known(catalog: Catalog, name: str, where: str) -> Control:
    check_name(name, catalog, "no such control", where)
    return catalog[name]


def _read(control: Control, table: Mapping[str, Any], where: str) -> dict[str, object]:
    kinds = {name: setting.kind for name, setting in control.settings.items()}
    check_fields(f"{where}, `{control.meta.id}`", "a control's table of settings", table, kinds)
    return {key: tuple(held) if isinstance(held, list) else held for key, held in table.items()}
