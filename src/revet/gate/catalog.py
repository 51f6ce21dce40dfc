"""What a control is, and how the catalogue finds all of them.

A control is one file, `controls/<service>/<name>.py`, that holds one function under `@control`.
Nothing registers it: the catalogue walks the folders. Its id is folder and file,
`s3/bucket_versioning.py` → `s3-bucket-versioning`, the same in output, waiver, documentation and
case file.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import GenericAlias, ModuleType
from typing import Any, TypeAlias, get_args, get_origin

from revet.model.control import ControlMeta
from revet.model.errors import CatalogError
from revet.model.fields import Kind, is_of, kind_name
from revet.model.finding import Outcome, Severity, quoted
from revet.plan import Reading

Rule = Callable[..., Outcome]
Applies = Callable[[Any], bool]

OWN_CONTROLS = Path(__file__).parent / "controls"
ANY_TYPE = "*"
_OWN_PACKAGE = "revet.gate.controls"
_SCALARS = (bool, int, str)


@dataclass(frozen=True, slots=True)
class Setting:
    """One parameter of a rule that a baseline or a requirements file may set.

    Args:
        name: of the keyword-only parameter.
        kind: `bool`, `int` or `str`, or a list of one of them.
        required: whether the rule has no default for it, so that it only runs where it is set.
    """

    name: str
    kind: Kind
    required: bool

    @property
    def type_name(self) -> str:
        """The type as a reader of TOML knows it."""
        return kind_name(self.kind)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What `@control` makes of a rule; the catalogue turns it into a `Control`.

    Args:
        rule: the decorated function.
        fields: the arguments of the decorator, as given.
        applies: further restriction of the scope, beyond the type of a resource.
        on_request: whether it runs only where it is named.
    """

    rule: Rule
    fields: Mapping[str, Any]
    applies: Applies | None
    on_request: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """One control of the catalogue.

    Args:
        meta: its description; `meta.settings` holds the defaults, `None` for one without default.
        rule: `(resource, plan, **settings)`, or `(plan, **settings)` for the plan as a whole.
        settings: the parameters of the rule, by name.
        applies: further restriction of the scope, beyond the type of a resource.
        path: its file.
        on_request: whether it runs only where a requirement, a baseline or a setting names it.
    """

    meta: ControlMeta
    rule: Rule
    settings: Mapping[str, Setting]
    applies: Applies | None
    path: Path
    on_request: bool = False

    @property
    def whole_plan(self) -> bool:
        """Whether it judges the plan as a whole and not single resources."""
        return not self.meta.resources

    @property
    def every_type(self) -> bool:
        """Whether it looks at resources of every type."""
        return ANY_TYPE in self.meta.resources


Catalog: TypeAlias = Mapping[str, Control]
"""All controls by id, in the order of their ids."""


def catalog_of(controls: Iterable[Control]) -> Catalog:
    """A catalogue of some controls, which may be in any order."""
    return {one.meta.id: one for one in sorted(controls, key=lambda one: one.meta.id)}


def control(
    *,
    title: str,
    severity: Severity,
    resource: str | tuple[str, ...] | None,
    required: str,
    impact: str,
    fix: str,
    construct: str = "",
    deviations: tuple[str, ...] = (),
    applies: Applies | None = None,
    deprecated: str = "",
    labels_only: bool = False,
    readings: tuple[Reading, ...] = (),
    on_request: bool = False,
) -> Callable[[Rule], Declaration]:
    """Declare the one rule of a control file.

    The rule judges one thing and returns `compliant()`, `noncompliant(why)` or `unknown(…)` on
    every path. It compares plan values freely: a value that the plan does not know raises by
    itself and becomes the answer *unknown*. Its keyword-only parameters are settings that a
    baseline or a requirements file may override (`bool`, `int`, `str`, `tuple[…, ...]` of them);
    a parameter without default makes the control run only where it is set.

    Args:
        title: the good state, one line.
        severity: how bad a failure is.
        resource: Terraform types that it judges; `"*"` for every type; `None` for the plan as a
            whole, and then the rule takes only the plan.
        required: the good state in the terms of the resource, one sentence.
        impact: what a deviation makes possible, one sentence.
        fix: Terraform configuration that repairs it.
        construct: the same with revet's constructs; empty where there is none.
        deviations: names of the deviations in `docs/deviations.toml` that it catches.
        applies: says of a resource of these types whether it is in scope at all; where the rule
            judges the plan as a whole: says of the plan whether there is anything to judge by,
            which is not asked where the control was asked for by name.
        deprecated: id of the control that replaces it, or the reason; it does not run any more.
        labels_only: whether it judges tags or names alone; a resource that no other control looks
            at is listed as not looked at.
        readings: what it judges where that is not all of plan, state and account.
        on_request: whether it demands more than a sound stack must have, so that it runs only
            where a requirement, a baseline or a setting names it.
    """
    fields = {
        "title": title,
        "severity": severity,
        "resources": (resource,) if isinstance(resource, str) else resource or (),
        "required": required,
        "impact": impact,
        "fix": fix,
        "fix_construct": construct,
        "deviations": deviations,
        "deprecated": deprecated,
        "labels_only": labels_only,
        "readings": tuple(reading.value for reading in readings),
    }
    return lambda rule: Declaration(rule, fields, applies, on_request)


def load_catalog(*folders: Path, only: Collection[str] | None = None) -> Catalog:
    """Find the controls.

    Args:
        folders: further folders of controls, laid out as ours: `<service>/<name>.py`.
        only: ids that are wanted; the files of others are not even imported. All by default.

    Raises:
        CatalogError: there is no control at all, an id stands twice, or a control breaks the
            rules: a field is empty, a file holds no rule or two, a setting has an unusable type.
    """
    found: dict[str, Control] = {}
    for folder in (OWN_CONTROLS, *folders):
        for path in _control_files(folder):
            name = control_id(path)
            if only is not None and name not in only:
                continue
            if name in found:
                raise CatalogError(
                    "two controls with one id",
                    where=str(path),
                    got=f"`{name}`, which {found[name].path} has already",
                    expected="every id once",
                    do="rename one of the files",
                )
            found[name] = read_control(_import(path, folder), path)
    if not found:
        raise CatalogError(
            "the catalogue is empty",
            where=", ".join(str(folder) for folder in (OWN_CONTROLS, *folders)),
            got="no control file" if only is None else f"none of {quoted(only)}",
            expected="at least one `<service>/<name>.py`",
            do="name existing controls, or reinstall revet",
        )
    return catalog_of(found.values())


def control_id(path: Path) -> str:
    """The id of a control's or a case's file: folder and file, with hyphens."""
    return f"{path.parent.name}-{path.stem}".replace("_", "-")


def read_control(module: ModuleType, path: Path) -> Control:
    """Check what a control's file declares.

    Args:
        module: the imported file.
        path: of the file; gives the id.

    Raises:
        CatalogError: see `load_catalog`.
    """
    declared = [value for value in vars(module).values() if isinstance(value, Declaration)]
    if len(declared) != 1:
        raise _broken(
            path, f"{len(declared)} rules", "exactly one function under `@control` in a file"
        )
    [declaration] = declared
    for name in ("title", "required", "impact", "fix"):
        if not str(declaration.fields[name]).strip():
            raise _broken(path, f"an empty `{name}`", f"a `{name}`")
    if not isinstance(declaration.fields["severity"], Severity):
        raise _broken(path, f"severity `{declaration.fields['severity']}`", "a `Severity`")
    whole_plan = not declaration.fields["resources"]
    settings, defaults = _settings(declaration.rule, path, whole_plan=whole_plan)
    meta = ControlMeta(id=control_id(path), settings=defaults, **declaration.fields)
    return Control(
        meta, declaration.rule, settings, declaration.applies, path, declaration.on_request
    )


def _settings(
    rule: Rule, path: Path, *, whole_plan: bool
) -> tuple[dict[str, Setting], dict[str, Any]]:
    signature = inspect.signature(rule, eval_str=True)
    parameters = signature.parameters.values()
    places = [p.name for p in parameters if p.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]
    if places != (["inventory"] if whole_plan else ["resource", "inventory"]):
        raise _broken(
            path,
            f"a rule that takes {quoted(places) or 'nothing'}",
            "`(inventory, *, …)`" if whole_plan else "`(resource, inventory, *, …)`",
        )
    settings: dict[str, Setting] = {}
    defaults: dict[str, Any] = {}
    for parameter in parameters:
        if parameter.name in places:
            continue
        many = get_origin(parameter.annotation) is tuple
        scalar = get_args(parameter.annotation)[0] if many else parameter.annotation
        if scalar not in _SCALARS or parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            raise _broken(
                path,
                f"the setting `{parameter}`",
                "keyword-only, of type `bool`, `int`, `str` or a `tuple[…, ...]` of one of them",
            )
        required = parameter.default is inspect.Parameter.empty
        kind = GenericAlias(list, (scalar,)) if many else scalar
        setting = Setting(parameter.name, kind, required)
        if not (required or is_of(parameter.default, setting.kind)):
            expected = f"a default of type {setting.type_name}"
            raise _broken(path, f"the default of `{parameter}`", expected)
        settings[parameter.name] = setting
        defaults[parameter.name] = None if required else parameter.default
    return settings, defaults


def _control_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise CatalogError(
            "no such folder of controls",
            where=str(folder),
            got="no folder",
            expected="a folder that holds `<service>/<name>.py`",
            do="correct the path",
        )
    return sorted(path for path in folder.glob("*/*.py") if path.name != "__init__.py")


def _import(path: Path, folder: Path) -> ModuleType:
    if folder == OWN_CONTROLS:
        name = f"{_OWN_PACKAGE}.{path.parent.name}.{path.stem}"
        return sys.modules.get(name) or importlib.import_module(name)
    name = f"revet_controls_{path.parent.name}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise _broken(path, "no Python module", "a Python file")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise _broken(path, f"{type(error).__name__}: {error}", "a file that imports") from error
    return module


def _broken(path: Path, got: str, expected: str) -> CatalogError:
    return CatalogError(
        "a control breaks the rules of the catalogue",
        where=str(path),
        got=got,
        expected=expected,
        do="correct the file; docs/extending.md says how a control is written",
    )
