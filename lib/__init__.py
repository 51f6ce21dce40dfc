"""Stacks of this repository.

`revet.constructs` comes first: it chooses the Node.js that the import of cdktn starts.
"""

import revet.constructs  # noqa: F401 - see above
