"""The environments of the daemon's process and of the programs that are led to it.

The daemon gets what it needs, and nothing of the user's. Credentials, proxies, tokens and switches
of other programs are not handed on; whoever makes the
embedded AWS show its environment sees none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

MEMBERS_VARIABLE = "REVET_EMBEDDED_MEMBERS"
"""Names a file in which the members of requests are noted that are sent and read: for tests."""
_NEEDED = frozenset(
    (
        *("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "USER", "LOGNAME"),
        *("TMPDIR", "TEMP", "TMP", "XDG_STATE_HOME", "REVET_STATE_DIR", MEMBERS_VARIABLE),
        *("SYSTEMROOT", "USERPROFILE", "LOCALAPPDATA", "APPDATA"),
        *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),  # a Python that lies elsewhere needs them
    )
)


def daemon_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that the daemon's process gets.

    Args:
        environment: of the process that starts it.
    """
    kept = {name: text for name, text in environment.items() if name.upper() in _NEEDED}
    return {**kept, "PYTHONSAFEPATH": "1", "PYTHONNOUSERSITE": "1"}


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
"""Names that the environment of a program that is led here must not hold."""


def program_environment(
    url: str, ca_path: Path, region: str, keys: tuple[str, str], nothing: Path
) -> dict[str, str]:
    """Variables that lead any program that uses an AWS SDK to one embedded AWS.

    Args:
        url: of the proxy.
        ca_path: certificate of the authority that signs its hosts.
        region: default region.
        keys: id of the access key, and its secret.
        nothing: folder that does not exist; its files are named for configuration and
            credentials.
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
        "AWS_ACCESS_KEY_ID": keys[0],
        "AWS_SECRET_ACCESS_KEY": keys[1],
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": str(nothing / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(nothing / "credentials"),
        "CHECKPOINT_DISABLE": "1",
    }
