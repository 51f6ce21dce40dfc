"""Files on the user's disk.

Ours are private, written whole or not at all, authenticated; what the user gives is read bounded
and parsed strictly.
"""

from revet.files.given import LIMIT, SMALL, parse_json, parse_toml, read_given, read_stream
from revet.files.names import require_nameable
from revet.files.private import make_private_folder, open_private, read_private, require_private
from revet.files.program import find_program
from revet.files.replace import clear_unfinished, replace_file, replacing
from revet.files.seal import seal, unseal
from revet.files.state import STATE_VARIABLE, known_projects, project_state, state_root
from revet.files.toml_file import read_toml
from revet.files.working import (
    OUTPUTS,
    PLAN,
    REPORT,
    STATE,
    VERDICT,
    WORKING,
    make_working_folder,
    private_folder,
    require_no_links,
)

__all__ = [
    "LIMIT",
    "OUTPUTS",
    "PLAN",
    "REPORT",
    "SMALL",
    "STATE",
    "STATE_VARIABLE",
    "VERDICT",
    "WORKING",
    "clear_unfinished",
    "find_program",
    "known_projects",
    "make_private_folder",
    "make_working_folder",
    "open_private",
    "parse_json",
    "parse_toml",
    "private_folder",
    "project_state",
    "read_given",
    "read_private",
    "read_stream",
    "read_toml",
    "replace_file",
    "replacing",
    "require_nameable",
    "require_no_links",
    "require_private",
    "seal",
    "state_root",
    "unseal",
]
