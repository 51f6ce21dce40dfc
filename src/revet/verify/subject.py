"""What is deployed, as the Terraform state tells it: the things that live checks look at.

Source: Terraform, "JSON output format", values representation (`terraform show -json`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from revet.model.arn import Arn
from revet.model.errors import InputError

_FORMAT = "1."


@dataclass(frozen=True, slots=True)
class Subject:
    """One deployed resource instance.

    Args:
        type: Terraform type, for example `aws_s3_bucket`.
        address: full instance address.
        id: the provider's id of it.
        arn: its ARN, empty where the provider keeps none.
        region: where it lives; empty when neither the state nor the plan tells.
        attributes: all attributes as in the state, secrets included: never print one unseen.
    """

    type: str
    address: str
    id: str
    arn: str
    region: str
    attributes: Mapping[str, Any] = field(repr=False)

    @property
    def account(self) -> str:
        """Account id from the ARN; empty where the ARN carries none."""
        return Arn.parse(self.arn).account if self.arn else ""

    def text(self, name: str) -> str:
        """A text attribute; empty where it is null or absent.

        Args:
            name: name of the attribute.

        Raises:
            InputError: it is there and not a text.
        """
        value = self.attributes.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise InputError(
                "an attribute in the state is not a text",
                where=f"{self.address}.{name}",
                got=f"a `{type(value).__name__}`",
                expected="a text",
            )
        return value


@dataclass(frozen=True, slots=True)
class Deployment:
    """All that was deployed, for checks that judge the stack as a whole.

    Args:
        name: of the stack.
        subjects: every managed resource instance.
        outputs: Terraform's outputs, name to value, without sensitive ones.
        withheld: names of the sensitive outputs that have a value. CDK Terrain marks all outputs
            so that another stack of the app reads.
    """

    name: str
    subjects: tuple[Subject, ...]
    outputs: Mapping[str, Any] = field(default_factory=dict, repr=False)
    withheld: tuple[str, ...] = ()


def read_subjects(
    state: Mapping[str, Any], *, regions: Mapping[str, str] | None = None, default_region: str = ""
) -> tuple[Subject, ...]:
    """Read the deployed resources out of a state.

    A resource's region comes, in this order, from its own attribute, from its ARN, from the plan,
    from the default.

    Args:
        state: parsed answer of `terraform show -json` for a state.
        regions: resource address to the region of its provider, from the plan.
        default_region: for resources that the others say nothing about.

    Returns:
        All managed instances, child modules included, in the order of the state; empty when
        nothing is deployed.

    Raises:
        InputError: it is not a state, or of a format that is not known.
    """
    version = str(state.get("format_version", ""))
    if not version.startswith(_FORMAT):
        raise InputError(
            "not a Terraform state in JSON form",
            where="`format_version`",
            got=f"`{version}`",
            expected="`1.x`",
            do="pass the output of `terraform show -json`",
        )
    root = state.get("values", {}).get("root_module", {})
    return tuple(
        _subject(resource, regions or {}, default_region)
        for resource in _resources(root)
        if resource.get("mode") == "managed"
    )


def read_outputs(state: Mapping[str, Any]) -> dict[str, Any]:
    """The outputs in a state, name to value; sensitive ones are left out.

    Args:
        state: parsed answer of `terraform show -json` for a state.
    """
    outputs = state.get("values", {}).get("outputs", {})
    return {
        name: output.get("value")
        for name, output in outputs.items()
        if not output.get("sensitive", False)
    }


def withheld_outputs(state: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the sensitive outputs in a state that have a value.

    Args:
        state: parsed answer of `terraform show -json` for a state.
    """
    outputs = state.get("values", {}).get("outputs", {})
    return tuple(
        name
        for name, output in outputs.items()
        if output.get("sensitive", False) and output.get("value") not in (None, "", [], {})
    )


def _resources(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from module.get("resources", ())
    for child in module.get("child_modules", ()):
        yield from _resources(child)


def _subject(resource: Mapping[str, Any], regions: Mapping[str, str], default: str) -> Subject:
    attributes: Mapping[str, Any] = resource.get("values", {})
    address = str(resource["address"])
    arn = attributes.get("arn")
    arn = arn if isinstance(arn, str) and arn.startswith("arn:") else ""
    own = attributes.get("region")
    region = (
        (own if isinstance(own, str) else "")
        or (Arn.parse(arn).region if arn else "")
        or regions.get(address, "")
        or default
    )
    deposed = resource.get("deposed_key")
    return Subject(
        type=str(resource["type"]),
        address=f"{address} (deposed {deposed})" if deposed else address,
        id=str(attributes.get("id") or ""),
        arn=arn,
        region=region,
        attributes=attributes,
    )
