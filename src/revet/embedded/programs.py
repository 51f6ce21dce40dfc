"""The environment of programs that use an AWS SDK, so that they reach the embedded AWS.

With a key that no account knows, a program that misses the proxy fails at the real AWS.
"""

from __future__ import annotations

from pathlib import Path

UNSET = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_ENDPOINT_URL",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "ALL_PROXY",
    "all_proxy",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
)
"""Names that such an environment must not hold."""


def leading_to(url: str, ca_path: Path, region: str, nothing: Path) -> dict[str, str]:
    """The variables that lead a program to a gateway; its credentials are not among them.

    Args:
        url: of the gateway.
        ca_path: certificate of the authority that signs its hosts.
        region: default region.
        nothing: a folder that does not exist: SDKs and Terraform take files in it for empty ones.
    """
    return {
        "HTTPS_PROXY": url,
        "https_proxy": url,
        "HTTP_PROXY": url,
        "http_proxy": url,
        "NO_PROXY": "",
        "no_proxy": "",
        "AWS_CA_BUNDLE": str(ca_path),
        "SSL_CERT_FILE": str(ca_path),
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": str(nothing / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(nothing / "credentials"),
        "CHECKPOINT_DISABLE": "1",
    }
