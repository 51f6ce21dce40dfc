"""Imports and class names of CDK Terrain in Python sources: what is wrong, and what is right.

The answers come from the installed provider package's own files, read as text: importing it would
start Node. `examine` judges one source, `repair` writes the right names in, `visit` does either for
files and folders.
"""

from revet.synth.imports.examine import Examination, examine
from revet.synth.imports.files import FileResult, Visit, visit
from revet.synth.imports.finding import ImportFinding
from revet.synth.imports.packages import Package, find_package
from revet.synth.imports.repair import Repair, repair
from revet.synth.imports.tree import Skipped

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
