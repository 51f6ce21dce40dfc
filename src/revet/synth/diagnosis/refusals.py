"""What CDK Terrain refuses, which reaches Python as a `RuntimeError` with jsii's words."""

from __future__ import annotations

import re

from revet.synth.diagnosis.users_code import Diagnosis

_TAKEN = re.compile(r"There is already a Construct with name '(.+?)' in (\S+)(?: \[(.*)\])?")
_VERSION = re.compile(r"requires (?:terraform|opentofu) >=?[\d.]+, but the project targets")
_PROVIDER = re.compile(r"without a matching provider construct.* for the following providers: (.+)")
_SPACE = re.compile(r"Cannot create TerraformStack with id \"(.+?)\"")
_PARAMETER = re.compile(r"Passed to parameter (\w+) of (.+?): (.+)")
_KEY = re.compile(r"Key '(\w+)':|Index (\d+):")
_REASON = re.compile(
    r"(Missing required properties|Value is|Unexpected extra)\b.*?(?: for \S+)?: (.+)"
)
_CIRCLE = re.compile(r"Cannot add dependency (\S+) to (\S+), because it would cause a circular")
_HALF_BUILT = re.compile(r"Don't know how to convert object to JSON: <(?:\S+\.)?(\w+) object")
_CREATED = re.compile(r"\s*\n\.?\s*Object creation stack:.*", re.DOTALL)
_STACK = re.compile(r"\n\s+at .*", re.DOTALL)
_LINES = 12


def of_refusal(error: BaseException) -> Diagnosis | None:
    """What CDK Terrain refuses; None for an error that is not its own."""
    if isinstance(error, TypeError) and (found := _HALF_BUILT.match(str(error))):
        return _half_built(found)
    if not (isinstance(error, RuntimeError) and _is_jsii(error)):
        return None
    text = _without_stacks(str(error))
    for pattern, diagnose in (
        (_TAKEN, _taken),
        (_VERSION, _version),
        (_PROVIDER, _provider),
        (_SPACE, _space),
        (_CIRCLE, _circle),
        (_PARAMETER, _parameter),
    ):
        if found := pattern.search(text):
            return diagnose(found, text)
    return Diagnosis(
        "CDK Terrain refuses the program", got=cleaned(text), do="correct what it names"
    )


def cleaned(text: str) -> str:
    """A message of jsii without the JavaScript stack below it."""
    lines = _without_stacks(text).splitlines()
    more = [f"and {len(lines) - _LINES} lines more"] if len(lines) > _LINES else []
    return "\n".join([*lines[:_LINES], *more])


def _without_stacks(text: str) -> str:
    return _CREATED.sub("", _STACK.sub("", text)).strip().removeprefix("Error: ")


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


def _circle(found: re.Match[str], _text: str) -> Diagnosis:
    return Diagnosis(
        "stacks refer to each other in a circle",
        got=f"`{found[1]}` and `{found[2]}` need each other",
        expected="stacks that can be deployed one after the other",
        do="move what both need into a third one",
    )


def _half_built(found: re.Match[str]) -> Diagnosis:
    return Diagnosis(
        f"a `{found[1]}` is used before it is made",
        got=f"an object of `{found[1]}` whose base class does not know it yet",
        expected="`super().__init__(scope, id)` before anything is put into it",
        do="call it first",
    )


def _parameter(found: re.Match[str], text: str) -> Diagnosis:
    place = ".".join(key or f"[{index}]" for key, index in _KEY.findall(text))
    reason = _REASON.search(text)
    argument = place.replace(".[", "[") or found[1]
    return Diagnosis(
        f"the argument `{argument}` has a wrong value",
        got=f"{reason[1].lower()}: {reason[2]}" if reason else found[3],
        expected=f"what `{found[2].rsplit('.', 1)[-1]}` takes",
        do="pass an object of the class that belongs there",
    )
