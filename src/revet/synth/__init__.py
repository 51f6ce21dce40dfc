"""CDK Terrain made fast and safe: the lazy load, synthesis, the program in a child process.

Importing this room starts nothing: no Node, no cdktn. `find_node`, `install_lazy_load`, `warm_up`,
`new_app`, `synth` and `run_program` do.
"""

from revet.synth.app import Synthesis, SynthesizedStack, new_app, read_synthesis, synth
from revet.synth.exchange import settle
from revet.synth.jsii_cache import is_warm, warm_up
from revet.synth.lazy import LazyLoad, install_lazy_load
from revet.synth.lossy_dictionaries import refuse_lossy_dictionaries
from revet.synth.node import Node, find_node, select_node
from revet.synth.program import TIME_LIMIT, run_program
from revet.synth.references import before, needed, ordered, redirect

__all__ = [
    "TIME_LIMIT",
    "LazyLoad",
    "Node",
    "Synthesis",
    "SynthesizedStack",
    "before",
    "find_node",
    "install_lazy_load",
    "is_warm",
    "needed",
    "new_app",
    "ordered",
    "read_synthesis",
    "redirect",
    "refuse_lossy_dictionaries",
    "run_program",
    "select_node",
    "settle",
    "synth",
    "warm_up",
]
