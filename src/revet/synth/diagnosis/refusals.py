"""What CDK Terrain refuses, which reaches Python as a `RuntimeError` with jsii's words."""

from __future__ import annotations

import re

from revet.synth.diagnosis.places import Diagnosis

_TAKEN = re.compile(r"There is already a Construct with name '(.+?)' in (\S+)(?: \[(.*)\])?")
_VERSION = re.compile(r"requires (?:terraform|opentofu) >=?[\d.]+, but the project targets")
_PROVIDER = re.compile(r"without a matching provider construct.* for the following providers: (.+)")
_SPACE = re.compile(r"Cannot create TerraformStack with id \"(.+?)\"")
_PARAMETER = re.compile(r"Passed to parameter (\w+) of (.+?): (.+)")
_REASON = re.compile(r"(?:Missing required properties|Value is).+")
_STACK = re.compile(r"\n\s+at .*", re.DOTALL)
_LINES = 12


def of_refusal(error: BaseException) -> Diagnosis | None:
    """What CDK Terrain refuses; None for an error that is not its own."""
    if not (isinstance(error, RuntimeError) and _is_jsii(error)):
        return None
    text = cleaned(str(error))
    for pattern, diagnose in (
        (_TAKEN, _taken),
        (_VERSION, _version),
        (_PROVIDER, _provider),
        (_SPACE, _space),
        (_PARAMETER, _parameter),
    ):
        if found := pattern.search(text):
            return diagnose(found, text)
    return Diagnosis("CDK Terrain refuses the program", got=text, do="correct what it names")


def cleaned(text: str) -> str:
    """A message of jsii without the JavaScript stack below it."""
    lines = _STACK.sub("", text).strip().removeprefix("Error: ").splitlines()
    more = [f"and {len(lines) - _LINES} lines more"] if len(lines) > _LINES else []
    return "\n".join([*lines[:_LINES], *more])


def _is_jsii(error: BaseException) -> bool:
    chain = (error, error.__cause__)
    return any(type(item).__module__.partition(".")[0] == "jsii" for item in chain)


def _taken(found: re.Match[str], _text: str) -> Diagnosis:
    scope = f"`{found[3]}`" if found[3] else f"the {found[2].lower()}"
    return Diagnosis(
        "two constructs have the same id",
        got=f"`{found[1]}` in {scope}, a second time",
        expected=f"an id that is not taken in {scope}",
        do="take another id; in a loop, make the id of what the loop goes over",
    )


def _version(_found: re.Match[str], text: str) -> Diagnosis:
    return Diagnosis(
        "the app targets a Terraform that is too old for what it uses",
        got=text,
        expected="an app for Terraform 1.10 and newer",
        do="make the app with `revet.synth.new_app()`, or give `cdktn.App` the context "
        '`{"targetVersions": {"terraform": ">=1.10.0 <2", "opentofu": ">=1.10.0"}}`',
    )


def _provider(found: re.Match[str], text: str) -> Diagnosis:
    return Diagnosis(
        "a stack has resources and no provider for them",
        got=text.splitlines()[1].strip() if "\n" in text else text,
        expected=f"a provider in the stack: {found[1].strip()}",
        do='add `AwsProvider(self, "aws", region=…)`, or `Context(self, …)` of revet, to the stack',
    )


def _space(found: re.Match[str], text: str) -> Diagnosis:
    return (
        Diagnosis(
            "a stack's id has a space",
            got=f"`{found[1]}`",
            expected="an id without spaces",
            do=f"name it `{found[1].replace(' ', '-')}`",
        )
        if " " in found[1]
        else Diagnosis("a stack's id is refused", got=text, do="take another id")
    )


def _parameter(found: re.Match[str], text: str) -> Diagnosis:
    reasons = [reason[0].strip() for reason in _REASON.finditer(text)]
    return Diagnosis(
        f"the argument `{found[1]}` has a wrong value",
        got="; ".join(reasons) or found[3],
        expected=f"what `{found[2]}` takes",
        do="pass an object of the class that belongs there",
    )
