"""The sources beside a plan: what configuration in HCL syntax says and the plan leaves out.

`folder` reads files, `hcl` and `json_syntax` parse them, `match` compares them with the plan's
configuration, `evaluate` and `lookup` work out what their expressions come to, `body` hands that
to the walk over a resource. Nothing of what a repository brings along is executed.
"""

from revet.plan.source.body import WrittenBlock
from revet.plan.source.folder import has_sources
from revet.plan.source.parsing import can_parse
from revet.plan.source.sources import SourceReader, Sources, read_sources

__all__ = ["SourceReader", "Sources", "WrittenBlock", "can_parse", "has_sources", "read_sources"]
