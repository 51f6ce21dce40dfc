"""Whether this kernel can build the whole wall of `revet.target.launch`."""

from __future__ import annotations

import ctypes
import sys

from revet.target import launch


def build_possible() -> bool:
    """Whether it knows Landlock, with the rules for the network."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    number, version = launch._CREATE_RULESET, launch._VERSION
    found: int = libc.syscall(number, None, ctypes.c_size_t(0), version)
    return found >= launch._NETWORK_SINCE
