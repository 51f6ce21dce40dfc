"""The digest of a verdict's JSON form: it shows that nobody changed the file since.

It is a plain SHA-256, so that it can be checked on any machine. Whoever edits a verdict can compute
it anew: it proves that a file is whole and as revet wrote it, and not who wrote it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

FIELD = "digest"
_ALGORITHM = "sha256"


def digest_of(data: Mapping[str, Any]) -> str:
    """The digest of a JSON object: over everything in it but the digest itself.

    The object is written with sorted names, without spaces and in ASCII, so that only its content
    counts and not how it is laid out.

    Args:
        data: a JSON object of finite numbers.

    Returns:
        `sha256:` and 64 hexadecimal digits.

    Raises:
        ValueError: a number is not finite.
    """
    content = {name: value for name, value in data.items() if name != FIELD}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return f"{_ALGORITHM}:{hashlib.sha256(text.encode('ascii')).hexdigest()}"
