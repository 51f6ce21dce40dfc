"""Where Terraform or OpenTofu is, and whether it is new enough."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import revet
from revet.files import find_program
from revet.model.errors import PrerequisiteError
from revet.target.environment import for_terraform
from revet.target.process import ask

Product = Literal["terraform", "opentofu"]

MINIMUM = (1, 10)
"""First version of either product that locks a state in S3 without a table."""

NAME_VARIABLE = "TERRAFORM_BINARY_NAME"
"""Names the program to use; CDK Terrain reads the same variable."""

_ANSWER_WITHIN = 30.0
_BANNER = re.compile(
    r"^(?P<product>Terraform|OpenTofu) v(?P<version>(?P<major>\d+)\.(?P<minor>\d+)\S*)",
    re.MULTILINE,
)
_REGISTRY: Mapping[Product, str] = {
    "terraform": "registry.terraform.io",
    "opentofu": "registry.opentofu.org",
}


@dataclass(frozen=True, slots=True)
class Binary:
    """A Terraform or OpenTofu that can be used.

    Args:
        path: the program.
        product: which of the two.
        version: its version, for example `1.11.4`.
        source: how it was found: the variable's name, `PATH`, or the tools folder.
    """

    path: Path
    product: Product
    version: str
    source: str

    @property
    def title(self) -> str:
        """Product and version as people write them."""
        return f"{'Terraform' if self.product == 'terraform' else 'OpenTofu'} {self.version}"

    @property
    def registry(self) -> str:
        """Host of the registry that provider addresses stand for."""
        return _REGISTRY[self.product]


def tools_folder() -> Path:
    """The folder of programs that the set-up has fetched: `.tools` in a clone of revet itself.

    It lies beside the `src` that revet runs from, and not beside its virtual environment, which
    may lie in a project: a checkout that is to be judged must not choose the programs that judge
    it. An installed revet has none.
    """
    return Path(revet.__path__[0]).parents[1] / ".tools"


def find_terraform(
    environment: Mapping[str, str] | None = None, *, tools: Path | None = None
) -> Binary:
    """The Terraform or OpenTofu to use.

    `TERRAFORM_BINARY_NAME` decides when it is set. Otherwise the first that is new enough of:
    `terraform` on `PATH`, `tofu` on `PATH`, the same two in the tools folder.

    Args:
        environment: where variables are read from; the process's own by default.
        tools: the tools folder; `tools_folder()` by default.

    Raises:
        PrerequisiteError: there is none, or none that can be used; it says what each lacks.
    """
    settings = os.environ if environment is None else environment
    wanted = settings.get(NAME_VARIABLE, "")
    if wanted:
        found = _named(wanted, settings)
        if found is None:
            raise PrerequisiteError(
                f"the program that `{NAME_VARIABLE}` names cannot be used",
                where=f"{NAME_VARIABLE}={wanted}",
                got=_why_unusable(wanted),
                expected=f"a Terraform or OpenTofu {_minimum()} or newer",
                do=f"correct or unset `{NAME_VARIABLE}`",
            )
        return _inspect(found, NAME_VARIABLE, settings)
    refused: list[PrerequisiteError] = []
    for path, source in _candidates(settings, tools_folder() if tools is None else tools):
        try:
            return _inspect(path, source, settings)
        except PrerequisiteError as error:
            refused.append(error)
    if len(refused) == 1:
        raise refused[0]
    raise PrerequisiteError(
        "no usable Terraform or OpenTofu" if refused else "no Terraform and no OpenTofu",
        where="PATH and the tools folder",
        got="; ".join(f"{error.where}: {error.got}" for error in refused) or "neither is there",
        expected=f"`terraform` or `tofu` {_minimum()} or newer",
        do=f"install one, or set `{NAME_VARIABLE}`; in a clone of revet `make demo` fetches one",
    )


def _named(wanted: str, settings: Mapping[str, str]) -> Path | None:
    """The program that the user has named, by a path or by its name."""
    if Path(wanted).name == wanted:
        return find_program(wanted, settings)
    found = shutil.which(wanted)
    return Path(found).absolute() if found else None  # it runs in another folder than ours


def _candidates(settings: Mapping[str, str], tools: Path) -> Iterator[tuple[Path, str]]:
    for folders, source in ((settings, "PATH"), ({"PATH": str(tools)}, str(tools))):
        for name in ("terraform", "tofu"):
            found = find_program(name, folders)
            if found is not None:
                yield found, source
            elif source != "PATH" and (tools / name).is_file():
                yield tools / name, source


def _why_unusable(name: str) -> str:
    path = Path(name)
    if path.is_file() and not os.access(path, os.X_OK):
        return f"`{name}` is not executable"
    if path.is_dir():
        return f"`{name}` is a folder"
    return f"no program `{name}` on `PATH`" if path.name == name else f"no file `{name}`"


def _inspect(path: Path, source: str, settings: Mapping[str, str]) -> Binary:
    """Ask a program for its version.

    Raises:
        PrerequisiteError: it does not start, is neither product, or is too old.
    """
    where = f"{path} ({source})"
    answer = ask(
        [str(path), "version"],
        environment=for_terraform(settings),
        directory=path.parent,
        timeout=_ANSWER_WITHIN,
    )
    text = answer.stdout.decode("utf-8", "replace")
    match = _BANNER.search(text)
    if answer.code != 0 or match is None:
        raise PrerequisiteError(
            "a program that should be Terraform does not say its version",
            where=where,
            got=f"exit code {answer.code}: `{(answer.stderr or text).strip()[:200]}`",
            expected="`Terraform v…` or `OpenTofu v…` as the answer to `version`",
            do=f"install Terraform or OpenTofu {_minimum()} or newer, or set `{NAME_VARIABLE}`",
        )
    product: Product = "opentofu" if match["product"] == "OpenTofu" else "terraform"
    binary = Binary(path, product, match["version"], source)
    if (int(match["major"]), int(match["minor"])) < MINIMUM:
        raise PrerequisiteError(
            f"{binary.title} is too old",
            where=where,
            got=binary.version,
            expected=f"{_minimum()} or newer",
            do=f"install a newer one, or name one in `{NAME_VARIABLE}`",
        )
    return binary


def _minimum() -> str:
    return ".".join(map(str, MINIMUM))
