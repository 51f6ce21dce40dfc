"""What keeps functions apart from the machine: a network of their own, and limits.

On Linux the functions' processes live in a network of their own in which nothing exists but the
gateway: its listening socket was made in there and is served by the daemon outside. The folders
that hold the embedded AWS's and the user's secrets are covered. Where the system does not let a
user make such namespaces, an audit hook refuses connections to anything but the gateway and the
start of other programs, which native code of a function's package could get around.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import resource
import signal
import socket
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

_NEW_NETWORK, _NEW_USER, _NEW_MOUNTS = 0x40000000, 0x10000000, 0x00020000
_SET_FLAGS, _UP, _RUNNING = 0x8914, 0x1, 0x40
_PRIVATE, _RECURSIVE, _READ_ONLY = 1 << 18, 1 << 14, 1
_DIE_WITH_PARENT = 1
_MIB = 1024 * 1024
_SLACK = 512 * _MIB
SECRETS = (
    *(".aws", ".ssh", ".gnupg", ".kube", ".docker", ".azure", ".config", ".terraform.d"),
    ".local/state",
)
"""Folders of a user's home that functions do not see."""


def own_network(hidden: Iterable[Path]) -> str:
    """Move this process, and all that it will start, into a network of its own.

    It is tried in a child first: some systems allow the first step and refuse a later one.

    Args:
        hidden: folders that are covered; those that do not exist are left out.

    Returns:
        Why that could not be done; empty when it is done. Then nothing has changed.

    Raises:
        OSError: what went well in the child did not here.
    """
    if sys.platform != "linux":
        return f"{sys.platform} has no network namespaces"
    folders = [folder for folder in hidden if folder.is_dir()]
    why = _tried(folders)
    if not why:
        _move(folders)
    return why


def _tried(folders: Iterable[Path]) -> str:
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - runs in the child
        try:
            _move(folders)
        except OSError as error:
            os.write(theirs, f"{error.filename}: {error.strerror}".encode())
        finally:
            os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, encoding="utf-8") as said:
        why = said.read()
    os.waitpid(child, 0)
    return why


def _move(folders: Iterable[Path]) -> None:
    user, group = os.getuid(), os.getgid()
    _system("unshare", _NEW_USER | _NEW_NETWORK | _NEW_MOUNTS)
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
    with socket.socket() as any_socket:
        wanted = struct.pack("16sh14x", b"lo", _UP | _RUNNING)
        fcntl.ioctl(any_socket, _SET_FLAGS, wanted)
    _system("mount", b"none", b"/", None, _PRIVATE | _RECURSIVE, None)
    for folder in folders:
        _system("mount", b"none", os.fsencode(folder), b"tmpfs", _READ_ONLY, b"size=4k")


def _system(name: str, *arguments: int | bytes | None) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)


def die_with(parent: int) -> None:
    """End this process when its parent ends, however that happens (Linux; elsewhere nothing).

    Args:
        parent: its process id.
    """
    if sys.platform == "linux":
        _system("prctl", _DIE_WITH_PARENT, int(signal.SIGKILL), 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)


def limit(memory: int) -> None:
    """Bound what this process may allocate.

    The daemon ends a process that uses more memory than its function has; this bound, above it,
    holds for what is asked for at once.

    Args:
        memory: MiB.
    """
    with contextlib.suppress(ValueError, OSError):  # macOS does not know all of them
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most = _allocated() + memory * _MIB + _SLACK
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _allocated() -> int:
    try:
        text = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0
    found = next((line for line in text.splitlines() if line.startswith("VmData:")), "VmData: 0 kB")
    return int(found.split()[1]) * 1024


def only_gateway(port: int) -> None:
    """Refuse, from now on, connections of this process to anything but the gateway.

    Args:
        port: of the gateway on 127.0.0.1.
    """

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event in _PROGRAMS:
            raise PermissionError(f"functions on the embedded AWS start no programs ({event})")
        if event in _SENDING and arguments[1] not in (("127.0.0.1", port), None):
            raise ConnectionRefusedError("functions on the embedded AWS reach only AWS")

    sys.addaudithook(hook)


_SENDING = ("socket.connect", "socket.sendto", "socket.sendmsg")
_PROGRAMS = frozenset(
    ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "pty.spawn")
)
