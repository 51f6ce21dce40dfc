"""Files on the user's disk.

Ours are private, written whole or not at all, authenticated; what the user gives is read bounded
and parsed strictly.
"""

from revet.files.given import LIMIT, SMALL, parse_json, parse_toml, read_given, read_stream
from revet.files.private import make_private_folder, open_private, read_private, require_private
from revet.files.replace import clear_unfinished, replace_file
from revet.files.seal import seal, unseal
from revet.files.state import STATE_VARIABLE, project_state, state_root

__all__ = [
    "LIMIT",
    "SMALL",
    "STATE_VARIABLE",
    "clear_unfinished",
    "make_private_folder",
    "open_private",
    "parse_json",
    "parse_toml",
    "project_state",
    "read_given",
    "read_private",
    "read_stream",
    "replace_file",
    "require_private",
    "seal",
    "state_root",
    "unseal",
]
