"""Which devices, precisions and cores this machine has."""

from __future__ import annotations

import os

import psutil
import torch

from gan_studio.engine.errors import DeviceError


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
    if wanted == "tf32" and not device.startswith("cuda"):
        return "fp32"
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
    """Physical cores this process may run on: two threads on one core only wait for each other.

    Those of a machine are shared by the processes that torchrun started on it.
    """
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    together = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    return max(1, min(allowed, psutil.cpu_count(logical=False) or allowed) // together)


def default_threads() -> int:
    """All cores of a small machine; on a larger one, one is left for the window and everything else.

    Convolutions wait for their slowest thread at every barrier, so one core that is busy elsewhere holds up all.
    """
    cores = usable_cores()
    return cores if cores < 4 else cores - 1


def processor_name() -> str:
    """As the processor calls itself; empty where torch cannot tell."""
    capabilities = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return str(capabilities.get("cpu_name", ""))
