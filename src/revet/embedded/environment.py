"""The environment of the daemon's process: what it needs, and nothing of the user's.

Credentials, proxies, tokens and switches of other programs are not handed on; whoever makes the
embedded AWS show its environment sees none of them.
"""

from __future__ import annotations

from collections.abc import Mapping

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
