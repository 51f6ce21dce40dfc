"""Become another program that is interrupted when the process that started it dies.

Run as a script, `python -I -S launch.py PARENT COMPLAINTS PROGRAM [ARGUMENT…]`, by
`revet.target.process` and nobody else. Linux only: `prctl(2)` with `PR_SET_PDEATHSIG`, which an
`execve(2)` of an ordinary program keeps.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    """Ask for the signal, then become the program.

    Arguments of the process: the process id of the starter, the number of an open file to which
    the reason is written when the program cannot be started, the program and its arguments.
    """
    starter, complaints, *argv = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.set_inheritable(int(complaints), False)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
    if os.getppid() != int(starter):
        os.kill(os.getpid(), signal.SIGINT)  # it died before we asked
    try:
        os.execv(argv[0], argv)  # noqa: S606 - a program that the starter has found
    except OSError as error:
        os.write(int(complaints), str(error.errno).encode())
        sys.exit(127)


if __name__ == "__main__":
    main()
