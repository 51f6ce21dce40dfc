"""An AWS in a process: Terraform, SDKs and the CLI reach it through a proxy, and nothing else.

`daemon` starts, finds, asks and stops it; the rest runs inside its process and needs the extra
`embedded`. See `gateway` (the proxy), `dispatch` (from request to answer), `services` (what moto
lacks), `snapshot` (state that survives), `recorder` (every call as a CloudTrail event).
"""

from revet.embedded.daemon import Daemon, find_daemon, start_daemon, stop_daemon
from revet.embedded.sealed import copy_state

__all__ = ["Daemon", "copy_state", "find_daemon", "start_daemon", "stop_daemon"]
