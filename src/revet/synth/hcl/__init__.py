"""A synthesized stack as one file of HCL that a person would like to read.

`export_hcl` reads the JSON that CDK Terrain writes: templates become tokens (`lexer`) and those the
form of an expression (`tree`), which `layout` and `line` set in lines as `terraform fmt` would.
`names` chooses names, `concerns` the order, `documents` writes policies, `tags` the tags in common,
`bodies` one resource, and `export` the file.
"""

from revet.synth.hcl.export import HclFile, export_hcl

__all__ = ["HclFile", "export_hcl"]
