"""Which host names are AWS's, and what a FIPS or dual-stack name stands for.

Source: AWS General Reference, "Service endpoints", and the partitions' DNS suffixes in botocore's
`endpoints.json`.
"""

from __future__ import annotations

import re

AWS_SUFFIXES = (
    ".amazonaws.com",
    ".api.aws",
    ".amazonaws.com.cn",
    ".api.amazonwebservices.com.cn",
    ".c2s.ic.gov",
    ".sc2s.sgov.gov",
    ".csp.hci.ic.gov",
    ".cloud.adc-e.uk",
)
"""DNS suffixes of all partitions; `aws-us-gov` shares `.amazonaws.com`."""

_DUAL_STACK = (
    (".api.amazonwebservices.com.cn", ".amazonaws.com.cn"),
    (".api.aws", ".amazonaws.com"),
)
_ONLY_DUAL_STACK = ("s3vectors.",)

_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+")


def is_name(host: str) -> bool:
    """Whether a host is written as a DNS name is: labels of letters, digits, `-` and `_`."""
    return bool(_NAME.fullmatch(host))


def without_port(host: str) -> str:
    """The name in a `Host` header or a CONNECT target, in lower case and without the port."""
    name, _, port = host.strip().lower().rpartition(":")
    return (name if name and port.isdigit() else host.strip().lower()).rstrip(".")


def is_aws(host: str) -> bool:
    """Whether a host, without its port, belongs to AWS in any partition."""
    return is_name(host) and host.endswith(AWS_SUFFIXES)


def canonical(host: str) -> str:
    """The standard endpoint name behind a FIPS or dual-stack one.

    `kms-fips.us-east-1.amazonaws.com` and `kms.us-east-1.api.aws` both are
    `kms.us-east-1.amazonaws.com`: the embedded AWS serves them alike.

    Args:
        host: a name for which `is_aws` holds, without its port.
    """
    host = host.replace("-fips.", ".")
    if host.startswith(_ONLY_DUAL_STACK):
        return host
    for suffix, standard in _DUAL_STACK:
        if host.endswith(suffix):
            return host.removesuffix(suffix) + standard
    return host
