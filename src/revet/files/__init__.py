"""Files of ours on the user's disk: private, written whole or not at all, authenticated."""

from revet.files.private import make_private_folder, open_private, read_private, require_private
from revet.files.replace import clear_unfinished, replace_file
from revet.files.seal import seal, unseal
from revet.files.state import STATE_VARIABLE, project_state, state_root

__all__ = [
    "STATE_VARIABLE",
    "clear_unfinished",
    "make_private_folder",
    "open_private",
    "project_state",
    "read_private",
    "replace_file",
    "require_private",
    "seal",
    "state_root",
    "unseal",
]
