"""Plans that were measured before, by machine and model, so that a second training begins at once."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from typing import Any

import torch

from gan_studio.engine import folders
from gan_studio.engine.errors import RunError
from gan_studio.engine.files import atomic_write, make_folder
from gan_studio.engine.speed.devices import processor_name, usable_cores
from gan_studio.engine.speed.plan import Plan

_VERSION = 3
"""Raise it when layers are computed in other ways than before."""


def situation(base: Plan, model: Mapping[str, Any]) -> dict[str, Any]:
    """All that a measurement depends on, in plain values. `base` is what would be done without measuring."""
    device = torch.cuda.get_device_name(base.device) if base.device.startswith("cuda") else base.device
    return {
        "version": _VERSION,
        "machine": platform.machine(),
        "processor": processor_name(),
        "cores": usable_cores(),
        "device": device,
        "torch": torch.__version__,
        "base": base.to_dict(),
        "model": dict(model),
    }


def recall(where: Mapping[str, Any]) -> Plan | None:
    """The plan that was chosen in this situation, or None; also where its file was damaged."""
    try:
        kept = json.loads(_file(where).read_text("utf-8"))
        return Plan(**kept["plan"]) if kept["situation"] == json.loads(_text(where)) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(where: Mapping[str, Any], plan: Plan) -> None:
    """Keep a plan for next time; where that cannot be written, it is measured again."""
    path = _file(where)
    try:
        make_folder(path.parent)
        with atomic_write(path) as file:
            file.write(json.dumps({"situation": dict(where), "plan": plan.to_dict()}, indent=1).encode())
    except RunError:
        return


def _file(where: Mapping[str, Any]) -> Any:
    return folders.plans_folder() / f"{hashlib.sha256(_text(where).encode()).hexdigest()[:24]}.json"


def _text(where: Mapping[str, Any]) -> str:
    return json.dumps(dict(where), sort_keys=True, default=str)
