"""Config: conformance packs of one account, recorders that can be changed.

moto refuses the empty `exclusionByResourceTypes` that Terraform sends when it changes a recorder,
drops how often it records, and knows the conformance packs of an organization only. (AWS Config API
Reference, RecordingMode, PutConformancePack and its neighbours; the status of a pack that does not
exist is an empty list, not an error.)
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

from moto.config.models import ConfigBackend
from moto.config.responses import ConfigResponse
from moto.core.exceptions import JsonRESTError

from revet.embedded.call import Moto
from revet.embedded.patching import add, parameter, replace

_CONTINUOUS = {"recordingFrequency": "CONTINUOUS", "recordingModeOverrides": []}
_PACKS = "revet_conformance_packs"
_SHOWN = (
    "ConformancePackName",
    "ConformancePackArn",
    "ConformancePackId",
    "ConformancePackInputParameters",
    "DeliveryS3Bucket",
    "DeliveryS3KeyPrefix",
    "LastUpdateRequestedTime",
)


def install() -> None:
    """Put the changes in place."""
    replace(ConfigBackend, "put_configuration_recorder", _put_recorder)
    add(
        ConfigResponse,
        put_conformance_pack,
        describe_conformance_packs,
        describe_conformance_pack_status,
        delete_conformance_pack,
    )


def _put_recorder(original: Callable[..., None]) -> Callable[..., None]:
    def put_configuration_recorder(self: ConfigBackend, config_recorder: dict[str, Any]) -> None:
        group = config_recorder.get("recordingGroup") or {}
        if not (group.get("exclusionByResourceTypes") or {}).get("resourceTypes"):
            group.pop("exclusionByResourceTypes", None)
        original(self, config_recorder)
        mode = config_recorder.get("recordingMode") or _CONTINUOUS
        vars(self.recorders[config_recorder["name"]])["recording_mode"] = mode

    return put_configuration_recorder


def put_conformance_pack(self: Moto) -> str:
    """Create a pack, or change it."""
    name = parameter(self, "ConformancePackName")
    known = _packs(self).get(name, {})
    pack_id = known.get("ConformancePackId") or f"conformance-pack-{uuid.uuid4().hex[:9]}"
    prefix = f"arn:{self.partition}:config:{self.region}:{self.current_account}"
    _packs(self)[name] = {
        "ConformancePackName": name,
        "ConformancePackId": pack_id,
        "ConformancePackArn": f"{prefix}:conformance-pack/{name}/{pack_id}",
        "ConformancePackInputParameters": parameter(self, "ConformancePackInputParameters") or [],
        "DeliveryS3Bucket": parameter(self, "DeliveryS3Bucket") or "",
        "DeliveryS3KeyPrefix": parameter(self, "DeliveryS3KeyPrefix") or "",
        "LastUpdateRequestedTime": time.time(),
        "TemplateBody": parameter(self, "TemplateBody"),
    }
    return json.dumps({"ConformancePackArn": _packs(self)[name]["ConformancePackArn"]})


def describe_conformance_packs(self: Moto) -> str:
    """The packs, or those that are asked for."""
    found = _asked(self)
    if parameter(self, "ConformancePackNames") and not found:
        raise _missing()
    details = [{name: pack[name] for name in _SHOWN} for pack in found]
    return json.dumps({"ConformancePackDetails": details})


def describe_conformance_pack_status(self: Moto) -> str:
    """How far the packs are: they are complete at once."""
    prefix = f"arn:{self.partition}:cloudformation:{self.region}:{self.current_account}"
    details = [
        {
            **{name: pack[name] for name in _SHOWN[:3]},
            "ConformancePackState": "CREATE_COMPLETE",
            "StackArn": f"{prefix}:stack/awsconfigconforms-{pack['ConformancePackName']}/0",
            "LastUpdateRequestedTime": pack["LastUpdateRequestedTime"],
            "LastUpdateCompletedTime": pack["LastUpdateRequestedTime"],
        }
        for pack in _asked(self)
    ]
    return json.dumps({"ConformancePackStatusDetails": details})


def delete_conformance_pack(self: Moto) -> str:
    """Delete a pack."""
    if _packs(self).pop(parameter(self, "ConformancePackName"), None) is None:
        raise _missing()
    return ""


def _packs(response: Moto) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = vars(response.config_backend).setdefault(_PACKS, {})
    return found


def _asked(response: Moto) -> list[dict[str, Any]]:
    names = parameter(response, "ConformancePackNames")
    return [pack for name, pack in _packs(response).items() if not names or name in names]


def _missing() -> JsonRESTError:
    return JsonRESTError("NoSuchConformancePackException", "No such conformance pack exists.")
