"""Service principals: the names under which AWS's services act.

Source: AWS IAM User Guide, "AWS JSON policy elements: Principal" (service principals) and "AWS
service principals"; the list with its sources is in the data file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from revet.iam.reference.frozen import frozen
from revet.iam.reference.regions import partitions, regions

_LABELS = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_COMMERCIAL = "amazonaws.com"
_FURTHER_SUFFIXES = ("amazon.com",)
"""Alexa's principals."""


@dataclass(frozen=True, slots=True)
class ServicePrincipal:
    """A service principal, split.

    Args:
        service: the labels before region and suffix, `delivery.logs`.
        region: the region in it, empty for a principal without one.
        suffix: the domain, `amazonaws.com` or that of another partition.
    """

    service: str
    region: str
    suffix: str

    @property
    def is_known(self) -> bool:
        """Whether the service is in the frozen list; AWS publishes no complete one."""
        domain = self.suffix if self.suffix in _FURTHER_SUFFIXES else _COMMERCIAL
        return f"{self.service}.{domain}" in known_service_principals()


def service_principal(text: str) -> ServicePrincipal | None:
    """Split a service principal, or None when the text does not have its form.

    Args:
        text: `lambda.amazonaws.com`, `logs.eu-west-1.amazonaws.com`, `ec2.amazonaws.com.cn`; in
            lower case, without wildcards.
    """
    suffix = next((each for each in _suffixes() if text.endswith(f".{each}")), None)
    if suffix is None:
        return None
    labels = text.removesuffix(f".{suffix}")
    if _LABELS.fullmatch(labels) is None:
        return None
    name, _, last = labels.rpartition(".")
    if last in regions():
        return ServicePrincipal(name, last, suffix) if name else None
    return ServicePrincipal(labels, "", suffix)


@cache
def known_service_principals() -> frozenset[str]:
    """The service principals that are known, without region, in the commercial partition."""
    return frozenset(frozen("service_principals")["principals"])


@cache
def _suffixes() -> tuple[str, ...]:
    """The longest first, so that `amazonaws.com.cn` is not taken for something else."""
    found = {part.dns_suffix for part in partitions().values()} | set(_FURTHER_SUFFIXES)
    return tuple(sorted(found, key=lambda suffix: (-len(suffix), suffix)))
