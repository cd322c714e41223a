"""How a training computes: device, threads, precision, memory format, and ways to compute single layers.

A plan is decided once per run, stored in its checkpoints and never decided anew on resume, because another number of
threads sums in another order and gives other weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from gan_studio.engine.allocator import keep_freed_memory
from gan_studio.engine.config import TrainingSettings
from gan_studio.engine.errors import CheckpointError
from gan_studio.engine.kernels import layers
from gan_studio.engine.kernels.workers import working
from gan_studio.engine.speed.devices import choose_device, choose_precision, default_threads


@dataclass(frozen=True)
class Plan:
    device: str
    threads: int
    precision: str = "fp32"
    """`fp32`, `tf32` (CUDA: products of 10 bits of mantissa), or `bf16` for autocast of matrix products and
    convolutions; weights stay fp32."""
    channels_last: bool = True
    kernels: Mapping[str, str] = field(default_factory=dict)
    """By network and layer (`D.2`), the name of a way in `kernels.layers`; torch's own where missing."""
    capture: bool = False
    """Steps that can be are captured as CUDA graphs and replayed; False where no step of the training can be."""
    processes: int = 1
    """That train together, each with so many threads."""

    def describe(self) -> str:
        """In words: `CPU, 2 threads, fp32, channels last, 9 layers in faster ways`."""
        threads = "1 thread" if self.threads == 1 else f"{self.threads} threads"
        where = f"CPU, {threads}" if self.device == "cpu" else self.device.upper()
        words = [where, self.precision, *(["channels last"] if self.channels_last else [])]
        if self.kernels:
            words.append(
                "1 layer in a faster way" if len(self.kernels) == 1 else f"{len(self.kernels)} layers in faster ways"
            )
        words += ["CUDA graphs"] if self.captures else []
        return (f"{self.processes} processes: " if self.processes > 1 else "") + ", ".join(words)

    @property
    def captures(self) -> bool:
        """Several processes exchange gradients inside a step, which no graph of one of them holds."""
        return self.capture and self.device.startswith("cuda") and self.processes == 1

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    def eager(self) -> Plan:
        """The same without graphs."""
        return replace(self, capture=False)

    def shared_by(self, processes: int, threads: int) -> Plan:
        """The same for so many processes; where they were others before, with `threads` each (0: what suits)."""
        if processes == self.processes:
            return self
        return replace(self, processes=processes, threads=threads or default_threads())

    def place(self, network: nn.Module) -> nn.Module:
        """Move a network to the device, in the plan's memory format."""
        network = network.to(self.device)
        return network.to(memory_format=torch.channels_last) if self.channels_last else network

    def speed_up(self, networks: Mapping[str, nn.Module]) -> None:
        """Put the plan's ways to compute layers in place. Copies for sampling compute as torch does all the same."""
        for path, way in self.kernels.items():
            network, _, layer = path.partition(".")
            if network in networks:
                layers.compute_by_name(networks[network], layer, way)

    def autocast(self) -> AbstractContextManager[Any]:
        if self.precision != "bf16":
            return nullcontext()
        # A graph must hold the casts of weights too: those kept from before would be the weights of its first step
        return torch.autocast(self.device.partition(":")[0], torch.bfloat16, cache_enabled=not self.captures)

    @contextmanager
    def working(self) -> Iterator[None]:
        """Compute by this plan in the calling thread while this lasts; it trains with no other number of threads."""
        torch.set_num_threads(self.threads)
        if self.device.startswith("cuda"):
            torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = self.precision == "tf32"
        if self.device == "cpu":
            keep_freed_memory()
        with working(self.threads if self.kernels else 1):
            yield


def choose_plan(settings: TrainingSettings) -> Plan:
    """The plan for a new run. Raises DeviceError where the asked-for device is absent."""
    device = choose_device(settings.device)
    threads = settings.threads or default_threads()
    capture = settings.cuda_graphs == "on" and device.startswith("cuda")
    return Plan(device, threads, choose_precision(settings.precision, device), capture=capture)


def plan_of(state: Mapping[str, Any], path: Path) -> Plan:
    """Device and plan of the checkpoint at `path`. Raises CheckpointError, or DeviceError where that is gone."""
    try:
        plan = Plan(**state["plan"])
    except (KeyError, TypeError) as error:
        raise CheckpointError(f"{path} does not say how it was trained ({error}).") from error
    choose_device(plan.device)
    return plan
