"""Nothing leaves the process: whatever a service tries to reach is refused, and written down.

moto posts to HTTP endpoints that a stack names (SNS subscriptions, Firehose, EventBridge API
destinations, HTTP integrations of API Gateway), asks docker for functions and jobs, and looks
itself up. An audit hook sees every connection, datagram, name look-up and program of this process,
whichever library asks for it, before the operating system does, and cannot be taken out again.
"""

from __future__ import annotations

import errno
import sys
import threading
from collections.abc import Callable

_REFUSED = frozenset(
    (
        "socket.connect",
        "socket.sendto",
        "socket.sendmsg",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.gethostbyaddr",
        "socket.getnameinfo",
        "subprocess.Popen",
        "os.system",
        "os.exec",
        "os.posix_spawn",
        "os.spawn",
        "pty.spawn",
    )
)
"""Names of audit events (Python's documentation, "Audit events table")."""

NOT_DELIVERED = "revet.not_delivered"
"""Our own audit event, with service, method and URL: noted, and not refused."""


class OutgoingRequestError(OSError):
    """Something in this process wanted to reach another one."""


class Egress:
    """What was wanted and refused, until it is asked for.

    Args:
        refused: called with a line for each attempt.
    """

    def __init__(self, refused: Callable[[str], None]) -> None:
        self._refused = refused
        self._inside = threading.local()

    def hook(self, event: str, arguments: tuple[object, ...]) -> None:
        """The audit hook.

        Raises:
            OutgoingRequestError: the event is one that leads out.
        """
        if event == NOT_DELIVERED:
            service, method, url = arguments
            self._refused(f"delivery not made: {service} wanted to send {method} `{url}`")
            return
        if event not in _REFUSED or getattr(self._inside, "refusing", False):
            return
        self._inside.refusing = True
        try:
            where = _where(event, arguments)
            self._refused(
                f"delivery not made: a service wanted to reach {where} ({event}), and the embedded "
                "AWS reaches nobody"
            )
        finally:
            self._inside.refusing = False
        raise OutgoingRequestError(
            errno.ECONNREFUSED, f"the embedded AWS reaches nobody, and not {where}"
        )


def shut(refused: Callable[[str], None]) -> None:
    """From now on, and until the process ends, refuse what leads out of it.

    Args:
        refused: called with a line for each attempt.
    """
    sys.addaudithook(Egress(refused).hook)


def _where(event: str, arguments: tuple[object, ...]) -> str:
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1] if len(arguments) > 1 else None
        if isinstance(address, tuple):
            return f"`{address[0]}` port {address[1]}"
        return f"`{address!r}`"
    return f"`{arguments[0]!s}`" if arguments else "something"
