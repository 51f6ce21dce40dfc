"""What boto3 and moto read from disk: once, or when it is asked for.

Otherwise both make up most of the time that the embedded AWS takes to start: moto makes sessions by
the dozen, each of which parses AWS's list of endpoints and models of its own, and reads on import
which instance types each zone of each region offers, from ninety files.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable
from functools import cache
from typing import Any

from revet.embedded.patching import replace_in

_MODULE = "moto.ec2.models.instance_types"
_FOLDER = "ec2/resources/instance_type_offerings"


def share_service_models() -> None:
    """Let all sessions of boto3 in this process share what they parse."""
    import botocore.session  # noqa: PLC0415 - heavy

    create = botocore.session.create_loader
    if not hasattr(create, "cache_info"):
        setattr(botocore.session, "create_loader", cache(create))  # noqa: B010 - mypy: not a variable


def read_offerings_when_asked() -> None:
    """Import moto's EC2 without what each region offers; nothing where it is imported already.

    Raises:
        EmbeddedError: moto does not read it by the function that it did.
    """
    if _MODULE in sys.modules:
        return
    from moto.utilities import utils  # noqa: PLC0415 - heavy

    read = utils.load_resource
    replace_in(utils, "load_resource", lambda path: [] if _FOLDER in path else read(path))
    try:
        module = importlib.import_module(_MODULE)
    finally:
        replace_in(utils, "load_resource", read)
    offered = module.INSTANCE_TYPE_OFFERINGS
    for location_type, regions in offered.items():
        offered[location_type] = Offerings(location_type, regions)


class Offerings(dict[str, list[dict[str, Any]]]):
    """Region to the instance types that its places offer, read at the first question.

    Args:
        location_type: `region`, `availability-zone` or `availability-zone-id`.
        regions: those that there are.
    """

    def __init__(self, location_type: str, regions: Iterable[str]) -> None:
        super().__init__()
        self._location_type = location_type
        self._regions = frozenset(regions)

    def __missing__(self, region: str) -> list[dict[str, Any]]:
        """Read a region."""
        from moto.utilities.utils import load_resource  # noqa: PLC0415 - heavy

        if region not in self._regions:
            raise KeyError(region)
        read: list[dict[str, Any]] = load_resource(f"{_FOLDER}/{self._location_type}/{region}.json")
        for offering in read:
            offering["LocationType"] = self._location_type
        return self.setdefault(region, read)

    def get(self, region: str, default: Any = None) -> Any:  # noqa: ANN401 - as `dict` has it
        """What a region offers; the default for a region that there is not."""
        return self[region] if region in self._regions else default

    def __contains__(self, region: object) -> bool:
        """Whether there is such a region."""
        return region in self._regions
