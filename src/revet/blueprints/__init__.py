"""Blueprints: whole stacks, composed of constructs, with their requirements as data beside them.

`revet.constructs` comes first: it chooses the Node.js that the import of cdktn starts.
"""

import revet.constructs  # noqa: F401 - see above
