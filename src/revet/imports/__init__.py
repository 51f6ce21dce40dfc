"""Imports and class names of CDK Terrain in Python sources: what is wrong, and what is right.

The answers come from the installed provider package's own files, read as text: importing it would
start Node. `examine` judges one source, `repair` writes the right names in, `visit` does either for
files and folders.
"""

from revet.imports.examine import Examination, examine
from revet.imports.files import FileResult, Visit, visit
from revet.imports.finding import ImportFinding
from revet.imports.packages import Package, find_package
from revet.imports.repair import Repair, repair
from revet.imports.tree import Skipped

__all__ = [
    "Examination",
    "FileResult",
    "ImportFinding",
    "Package",
    "Repair",
    "Skipped",
    "Visit",
    "examine",
    "find_package",
    "repair",
    "visit",
]
