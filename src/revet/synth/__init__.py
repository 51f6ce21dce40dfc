"""CDK Terrain made fast and safe: the lazy load, synthesis, the program in a child process.

Importing this room starts nothing: no Node, no cdktn. `find_node`, `install_lazy_load`, `warm_up`,
`new_app`, `synth` and `run_program` do.
"""

from revet.synth.app import Synthesis, SynthesizedStack, new_app, read_synthesis, synth
from revet.synth.exchange import settle
from revet.synth.lazy import LazyLoad, install_lazy_load
from revet.synth.loss import install_loss_guard
from revet.synth.node import Node, find_node, select_node
from revet.synth.program import run_program
from revet.synth.warm import is_warm, warm_up

__all__ = [
    "LazyLoad",
    "Node",
    "Synthesis",
    "SynthesizedStack",
    "find_node",
    "install_lazy_load",
    "install_loss_guard",
    "is_warm",
    "new_app",
    "read_synthesis",
    "run_program",
    "select_node",
    "settle",
    "synth",
    "warm_up",
]
