"""Constructs: AWS nouns that are secure when only their required arguments are given.

Importing this package starts Node, since cdktn's classes live there: the Node.js is chosen, the
provider's lazy load is put in place and the guard against lost values too, before the first class
is imported. A user's own resources profit from all three. Classes show what they take to `help`.
"""

from revet.synth.app import prepare

prepare()
