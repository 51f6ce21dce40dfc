"""CDK Terrain made fast and safe: the lazy load, synthesis, the program in a child process.

Importing this room starts nothing: no Node, no cdktn. `select_node`, `install_lazy_load`,
`warm_up`, `new_app`, `synth` and `run_program` do.
"""

from revet.synth.app import Synthesis, SynthesizedStack, new_app, read_synthesis, synth
from revet.synth.exchange import settle
from revet.synth.jsii_cache import warm_up
from revet.synth.lazy import install_lazy_load
from revet.synth.node import select_node
from revet.synth.program import run_program
from revet.synth.references import before, needed, ordered, redirect

__all__ = [
    "Synthesis",
    "SynthesizedStack",
    "before",
    "install_lazy_load",
    "needed",
    "new_app",
    "ordered",
    "read_synthesis",
    "redirect",
    "run_program",
    "select_node",
    "settle",
    "synth",
    "warm_up",
]
