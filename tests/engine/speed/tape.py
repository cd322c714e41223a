"""What captures steps on the processor, as strictly as a GPU would: operations are written down with their tensors.

Recording computes nothing that lasts. A replay runs the same operations on the same memory, with every number of Python
as it was when recorded. What a capture on a GPU cannot have is refused: reading the device, and tensors made of numbers
of the host.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

REFUSED = {"aten::_local_scalar_dense": "it reads the device", "aten::lift_fresh": "it makes tensors of plain numbers"}
RUNNING = {"aten::native_batch_norm": (3, 4)}
"""Arguments that are written to although nothing says so."""


class Tape(TorchDispatchMode):
    def __init__(self) -> None:
        super().__init__()
        self.operations: list[tuple[Any, tuple[Any, ...], dict[str, Any], Any]] = []
        self._before: list[tuple[Tensor, Tensor]] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name, kwargs = func._schema.name, kwargs or {}
        if name in REFUSED:
            raise RuntimeError(REFUSED[name])
        self._before += [(tensor, tensor.clone()) for tensor in _written(func, args, kwargs)]
        result = func(*args, **kwargs)
        self.operations.append((func, args, kwargs, result))
        return result

    def undo(self) -> None:
        with torch.no_grad():
            for tensor, value in reversed(self._before):
                tensor.copy_(value)
        self._before.clear()

    def replay(self) -> None:
        with torch.no_grad():
            for func, args, kwargs, result in self.operations:
                again = func(*args, **kwargs)
                for old, new in zip(_tensors(result), _tensors(again), strict=True):
                    if old.data_ptr() != new.data_ptr():
                        old.copy_(new)


class TapeGraphs:
    """Stands in for CUDA graphs."""

    def __init__(self) -> None:
        self.warm_ups = self.records = self.replays = 0

    def warm_up(self, work: Callable[[], None]) -> None:
        self.warm_ups += 1
        work()

    def record(self, work: Callable[[], None]) -> Callable[[], None]:
        self.records += 1
        random, tape = torch.get_rng_state(), Tape()
        try:
            with tape:
                work()
        finally:
            tape.undo()
            torch.set_rng_state(random)

        def replay() -> None:
            self.replays += 1
            tape.replay()

        return replay


def _written(func: Any, args: Any, kwargs: Any) -> Iterator[Tensor]:
    for place, argument in enumerate(func._schema.arguments):
        if argument.alias_info is not None and argument.alias_info.is_write:
            yield from _tensors(args[place] if place < len(args) else kwargs.get(argument.name))
    yield from _tensors([args[place] for place in RUNNING.get(func._schema.name, ()) if place < len(args)])


def _tensors(values: Any) -> Iterable[Tensor]:
    return [one for one in tree_leaves(values) if isinstance(one, Tensor)]
