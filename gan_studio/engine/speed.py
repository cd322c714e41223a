"""How a training computes: device, threads, precision, memory format.

A plan is decided once per run, stored in its checkpoints and never decided anew on resume, because another number of
threads sums in another order and gives other weights.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil
import torch
from torch import nn

from gan_studio.engine.config import TrainingSettings
from gan_studio.engine.errors import CheckpointError, DeviceError


@dataclass(frozen=True)
class Plan:
    device: str
    threads: int
    precision: str = "fp32"
    """`fp32`, or `bf16` for autocast of matrix products and convolutions; weights stay fp32."""
    channels_last: bool = True

    def describe(self) -> str:
        """In words: `CPU, 2 threads, fp32, channels last`."""
        threads = "1 thread" if self.threads == 1 else f"{self.threads} threads"
        where = f"CPU, {threads}" if self.device == "cpu" else self.device.upper()
        return f"{where}, {self.precision}" + (", channels last" if self.channels_last else "")

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    def place(self, network: nn.Module) -> nn.Module:
        """Move a network to the device, in the plan's memory format."""
        network = network.to(self.device)
        return network.to(memory_format=torch.channels_last) if self.channels_last else network

    def autocast(self) -> AbstractContextManager[Any]:
        if self.precision == "fp32":
            return nullcontext()
        return torch.autocast(self.device.partition(":")[0], torch.bfloat16)

    def apply_threads(self) -> None:
        """Set the thread count of the calling thread; it trains with no other."""
        torch.set_num_threads(self.threads)


def choose_plan(settings: TrainingSettings) -> Plan:
    """The plan for a new run. Raises DeviceError where the asked-for device is absent."""
    device = choose_device(settings.device)
    threads = settings.threads or default_threads()
    return Plan(device, threads, choose_precision(settings.precision, device))


def plan_of(state: Mapping[str, Any], path: Path) -> Plan:
    """Device and plan of the checkpoint at `path`. Raises CheckpointError, or DeviceError where that is gone."""
    try:
        plan = Plan(**state["plan"])
    except (KeyError, TypeError) as error:
        raise CheckpointError(f"{path} does not say how it was trained ({error}).") from error
    choose_device(plan.device)
    return plan


def choose_device(wanted: str) -> str:
    """`auto` becomes cuda, else mps, else cpu. Raises DeviceError."""
    available = available_devices()
    if wanted == "auto":
        return available[0]
    if wanted == "cuda" and "cuda:0" in available:
        return "cuda:0"
    if wanted not in available:
        raise DeviceError(f"This machine has no device {wanted}.", f"There is: {', '.join(available)}, or auto.")
    return wanted


def available_devices() -> list[str]:
    """The best one first."""
    cuda = [f"cuda:{index}" for index in range(torch.cuda.device_count())] if torch.cuda.is_available() else []
    return [*cuda, *(["mps"] if torch.backends.mps.is_available() else []), "cpu"]


def choose_precision(wanted: str, device: str) -> str:
    """bf16 by itself only where the processor multiplies it natively; elsewhere it is emulated, and slower."""
    if wanted != "auto":
        return wanted
    if device.startswith("cuda"):
        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp32"
    return "bf16" if device == "cpu" and cpu_has_bf16() else "fp32"


def cpu_has_bf16() -> bool:
    """Whether this processor has AMX or AVX512 instructions for bf16."""
    capabilities = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return bool(capabilities.get("amx_bf16") or capabilities.get("avx512_bf16"))


def usable_cores() -> int:
    """Physical cores this process may run on: two threads on one core only wait for each other."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(allowed, psutil.cpu_count(logical=False) or allowed))


def default_threads() -> int:
    """All cores of a small machine; on a larger one, one is left for the window and everything else.

    Convolutions wait for their slowest thread at every barrier, so one core that is busy elsewhere holds up all.
    """
    cores = usable_cores()
    return cores if cores < 4 else cores - 1
