"""Imports and class names of CDK Terrain in Python sources: what is wrong, and what is right.

The answers come from the installed provider package's own files, read as text: importing it would
start Node. `examine` judges one source, `repair` writes the right names in, `visit` does either for
files and folders.
"""

from revet.imports.examine import examine
from revet.imports.files import FileResult, Visit, visit
from revet.imports.finding import ImportFinding
from revet.imports.packages import find_package
from revet.imports.repair import repair

__all__ = [
    "FileResult",
    "ImportFinding",
    "Visit",
    "examine",
    "find_package",
    "repair",
    "visit",
]
