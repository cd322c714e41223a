"""One training in several processes, on one machine or on several, started by torchrun.

Every process makes its equal share of each batch; gradients are averaged before each update, so that weights stay equal
everywhere. Rank 0 alone decides and writes: it says before each step what is to be done, and the others do it too.
`ALONE`, the world of one process, does nothing at all, so that whoever trains need not ask how many there are.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor

from gan_studio.engine.errors import DeviceError, SettingsError, StudioError
from gan_studio.engine.latent.drawing import Share, set_share

ORDER_BYTES = 4096
WORK_MINUTES = 10
"""For which one process waits for the others inside a step; a step of any of them is shorter."""
REST = timedelta(days=365)
"""For which the others wait for an order: a training may be paused over the holidays."""


class PeerLost(StudioError):
    """Another process of the training is gone, and this one cannot go on without it."""


@dataclass(frozen=True)
class Order:
    """What rank 0 has all processes do: `step`, `half_step`, `report`, `restore` or `end`."""

    word: str
    values: dict[str, Any] = field(default_factory=dict)


class World:
    """The processes of one training; this class is the world of a single one."""

    rank = 0
    size = 1
    local_rank = 0
    """Among the processes on this machine."""
    local_size = 1

    @property
    def share(self) -> Share:
        return Share(self.rank, self.size)

    def announce(self, word: str, **values: Any) -> None:
        """From rank 0: all others do this too. From them: nothing, since they were told."""

    def hear(self) -> Order:
        """What rank 0 announces next."""
        return Order("end")

    def average(self, value: Tensor) -> Tensor:
        """The mean over all processes, wherever the tensor lives."""
        return value

    def gather(self, value: Tensor) -> Tensor:
        """This process's share `[n, …]` of a batch → the whole batch `[N, …]`, the same in every process."""
        return value

    def average_all(self, tensors: Sequence[Tensor]) -> None:
        """Put the mean over all processes in the place of each of these, in one exchange for each kind of number."""

    def same(self, value: Any) -> Any:
        """What rank 0 hands over: tensors, numbers, texts and plain containers of them."""
        return value

    @contextmanager
    def first_here(self) -> Iterator[None]:
        """One process of each machine goes through the block first; the others then find what it made."""
        yield

    def check_batch(self, batch_size: int) -> None:
        """Raises SettingsError where a batch cannot be shared equally."""
        if batch_size % self.size:
            raise SettingsError(
                f"A batch of {batch_size} pictures cannot be shared by {self.size} processes equally.",
                f"Take a batch size that divides by {self.size}: it is that of all processes together.",
            )

    def device_of(self, device: str) -> str:
        """This process's device, where rank 0 has `device`. Raises DeviceError."""
        return device


ALONE = World()


class Processes(World):
    """What torchrun started."""

    def __init__(self) -> None:
        self.rank, self.size = dist.get_rank(), dist.get_world_size()
        self.local_rank = int(os.environ.get("LOCAL_RANK", "0"))
        self.local_size = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
        self._orders: Any = dist.new_group(backend="gloo", timeout=REST)

    def announce(self, word: str, **values: Any) -> None:
        if self.rank == 0:
            text = json.dumps({"word": word, "values": values}).encode()
            order = torch.zeros(ORDER_BYTES, dtype=torch.uint8)
            order[: len(text)] = torch.frombuffer(bytearray(text), dtype=torch.uint8)
            with _peers():
                dist.broadcast(order, 0, group=self._orders)

    def hear(self) -> Order:
        order = torch.zeros(ORDER_BYTES, dtype=torch.uint8)
        with _peers():
            dist.broadcast(order, 0, group=self._orders)
        return Order(**json.loads(order.numpy().tobytes().rstrip(b"\0")))

    def average(self, value: Tensor) -> Tensor:
        total = value.detach().clone()
        self._sum(total)
        return total / self.size

    def gather(self, value: Tensor) -> Tensor:
        value = value.contiguous()
        shares = [torch.empty_like(value) for _ in range(self.size)]
        with _peers():
            dist.all_gather(shares, value)
        return torch.cat(shares)

    def average_all(self, tensors: Sequence[Tensor]) -> None:
        kinds: dict[tuple[torch.device, torch.dtype], list[Tensor]] = {}
        for tensor in tensors:
            kinds.setdefault((tensor.device, tensor.dtype), []).append(tensor)
        for members in kinds.values():
            flat = torch.cat([member.reshape(-1) for member in members])
            self._sum(flat)
            flat /= self.size
            parts = flat.split([member.numel() for member in members])
            for member, part in zip(members, parts, strict=True):
                member.copy_(part.view(member.shape))

    def same(self, value: Any) -> Any:
        with _peers():
            if self.rank == 0:
                buffer = io.BytesIO()
                torch.save(value, buffer)
                content = torch.frombuffer(bytearray(buffer.getvalue()), dtype=torch.uint8)
                dist.broadcast(torch.tensor([len(content)]), 0, group=self._orders)
                dist.broadcast(content, 0, group=self._orders)
                return value
            length = torch.zeros(1, dtype=torch.int64)
            dist.broadcast(length, 0, group=self._orders)
            content = torch.zeros(int(length), dtype=torch.uint8)
            dist.broadcast(content, 0, group=self._orders)
        return torch.load(io.BytesIO(content.numpy().tobytes()), map_location="cpu", weights_only=True)

    @contextmanager
    def first_here(self) -> Iterator[None]:
        if self.local_rank != 0:
            self._meet()
        yield
        if self.local_rank == 0:
            self._meet()

    def device_of(self, device: str) -> str:
        kind, _, index = device.partition(":")
        if kind == "cpu":
            return device
        if kind != "cuda" or index not in ("", "0"):
            raise DeviceError(f"Several processes do not train on {device}.", "Leave the device on auto, or take cpu.")
        if self.local_rank >= torch.cuda.device_count():
            raise DeviceError(
                f"{self.local_size} processes on this machine need as many GPUs; it has {torch.cuda.device_count()}.",
                "Start fewer with torchrun --nproc-per-node, or train on the processor with --device cpu.",
            )
        return f"cuda:{self.local_rank}"

    def _sum(self, value: Tensor) -> None:
        with _peers():
            dist.all_reduce(value)

    def _meet(self) -> None:
        with _peers():
            dist.barrier(group=self._orders)


@contextmanager
def joined() -> Iterator[World]:
    """The world that torchrun says this process is part of; `ALONE` without torchrun, or with one process."""
    if int(os.environ.get("WORLD_SIZE", "1")) <= 1:
        yield ALONE
        return
    on_gpus = torch.cuda.is_available() and dist.is_nccl_available()
    if on_gpus:
        torch.cuda.set_device(min(int(os.environ.get("LOCAL_RANK", "0")), torch.cuda.device_count() - 1))
    backend = "cpu:gloo,cuda:nccl" if on_gpus else "gloo"
    with _peers():
        dist.init_process_group(backend, timeout=timedelta(minutes=WORK_MINUTES))
        world = Processes()
    set_share(world.share)
    try:
        yield world
    finally:
        set_share(Share())
    dist.destroy_process_group()  # not after a failure: others may wait for this process in the midst of a step


@contextmanager
def _peers() -> Iterator[None]:
    """What a lost connection means, in words."""
    try:
        yield
    except RuntimeError as error:
        raise PeerLost(
            f"Another process of this training is gone ({str(error).splitlines()[0][:200]}).",
            "The last checkpoint is whole: start again with torchrun, --resume and the run's folder.",
        ) from error
