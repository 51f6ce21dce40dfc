"""Become another program that is interrupted when the process that started it dies.

Run as a script, `python -I -S launch.py PARENT COMPLAINTS WALL PROGRAM [ARGUMENT…]`, by
`revet.target.process` and nobody else. Linux only: `prctl(2)` with `PR_SET_PDEATHSIG`, which an
`execve(2)` of an ordinary program keeps, and `landlock(7)`, which it keeps with all its children.
"""

import ctypes
import json
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_PR_SET_NO_NEW_PRIVS = 38

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture
_RULE_PATH_BENEATH, _RULE_NET_PORT = 1, 2  # linux/landlock.h
_VERSION = 1
_CONNECT_TCP = 1 << 1
_WRITE_FILE = 1 << 1
_TRUNCATE = 1 << 14
_OF_FILES = _WRITE_FILE | _TRUNCATE
_WRITING = {
    1: _WRITE_FILE | sum(1 << bit for bit in range(4, 13)),  # make and remove anything
    2: 1 << 13,  # rename into another folder
    3: _TRUNCATE,
}
_NETWORK_SINCE = 4


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("access", ctypes.c_uint64), ("parent", ctypes.c_int32))


class _Port(ctypes.Structure):
    _fields_ = (("access", ctypes.c_uint64), ("port", ctypes.c_uint64))


def main() -> None:
    """Ask for the signal, build the wall, then become the program.

    Arguments of the process: the process id of the starter, the number of an open file to which
    the reason is written when the program cannot be started, the wall as JSON or nothing, the
    program and its arguments.
    """
    starter, complaints, wall, *argv = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.set_inheritable(int(complaints), False)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
    if os.getppid() != int(starter):
        os.kill(os.getpid(), signal.SIGINT)  # it died before we asked
    try:
        if wall:
            build(**json.loads(wall))
        os.execv(argv[0], argv)  # noqa: S606 - a program that the starter has found
    except OSError as error:
        os.write(int(complaints), str(error.errno).encode())
        sys.exit(127)


def build(port: int, writable: list[str]) -> bool:
    """Keep this process and all its children from other TCP ports and from writing elsewhere.

    Args:
        port: the only one that may be connected to.
        writable: the only folders and devices that may be written to; absent ones are left out.

    Returns:
        Whether this kernel could do all of it.

    Raises:
        OSError: the kernel can, and refuses.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION)
    if version < 1:
        return False  # no Landlock in this kernel, or switched off
    writing = 0
    for since, rights in _WRITING.items():
        writing |= rights if version >= since else 0
    network = _CONNECT_TCP if version >= _NETWORK_SINCE else 0
    wanted = _Ruleset(writing, network)
    size = ctypes.sizeof(wanted) if network else ctypes.sizeof(ctypes.c_uint64)
    ruleset = _checked(libc, _CREATE_RULESET, ctypes.byref(wanted), ctypes.c_size_t(size), 0)
    for path in writable:
        try:
            parent = os.open(path, getattr(os, "O_PATH", 0) | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        rights = writing if os.path.isdir(path) else writing & _OF_FILES  # noqa: PTH112 - no pathlib: each import is time
        rule = _Beneath(rights, parent)
        _checked(libc, _ADD_RULE, ruleset, _RULE_PATH_BENEATH, ctypes.byref(rule), 0)
        os.close(parent)
    if network:
        allowed = _Port(_CONNECT_TCP, port)
        _checked(libc, _ADD_RULE, ruleset, _RULE_NET_PORT, ctypes.byref(allowed), 0)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no_new_privs")
    _checked(libc, _RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)
    return bool(network)


def _checked(libc: ctypes.CDLL, number: int, *arguments: object) -> int:
    answer: int = libc.syscall(number, *arguments)
    if answer < 0:
        raise OSError(ctypes.get_errno(), "landlock")
    return answer


if __name__ == "__main__":
    main()
