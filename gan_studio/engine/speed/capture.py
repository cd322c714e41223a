"""Whole steps as CUDA graphs: the launches of hundreds of small kernels become one.

A step of one kind, that is of one stage and one set of due phases, runs as always a few times; then it is captured
once and replayed from then on. What is not part of a graph happens before each replay: pictures are drawn and copied to
where the graph reads them, and learning rates are tensors (`rates.py`). Random numbers come from torch's own state,
which a replay moves on as the step would.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import torch

from gan_studio.engine.data.batches import Batch
from gan_studio.engine.errors import first_line
from gan_studio.engine.speed.plan import Plan
from gan_studio.engine.stats import Statistics

WARM_UP_STEPS = 3
"""Of each kind, alike: by then optimisers and libraries have allocated what they keep (PyTorch's notes on CUDA graphs
ask for three)."""

Draw = Callable[[str, int], Batch]
"""Domain and number of pictures → the next batch."""
Work = Callable[[Draw], None]
"""A whole step, on the batches that it is handed."""


class Graphs(Protocol):
    """What captures. Everything is called in the thread that trains."""

    def warm_up(self, work: Callable[[], None]) -> None:
        """Run, where a later capture will run too."""
        ...

    def record(self, work: Callable[[], None]) -> Callable[[], None]:
        """Go through the work without computing anything. Returns what computes it, as often as it is called.

        Raises RuntimeError where that cannot be; then all numbers are as before, random states included.
        """
        ...


class CudaGraphs:
    """Graphs of one device, which share their memory: nothing in it is of use after a replay."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._stream = torch.cuda.Stream(device)
        self._memory = torch.cuda.graph_pool_handle()

    def warm_up(self, work: Callable[[], None]) -> None:
        user = torch.cuda.current_stream(self._device)
        self._stream.wait_stream(user)
        with torch.cuda.stream(self._stream):
            work()
        user.wait_stream(self._stream)

    def record(self, work: Callable[[], None]) -> Callable[[], None]:
        graph = torch.cuda.CUDAGraph()
        random = torch.cuda.default_generators[self._device.index or 0]
        before = random.clone_state()
        try:
            # thread_local: what the explorer does on the device meanwhile is no business of the capture
            with (
                torch.cuda.device(self._device),
                torch.cuda.graph(graph, self._memory, self._stream, capture_error_mode="thread_local"),
            ):
                work()
        except RuntimeError:
            # A capture that broke off leaves the generator waiting for its end
            random.graphsafe_set_state(before)
            torch.cuda.synchronize(self._device)
            raise
        return graph.replay


def graphs_of(plan: Plan) -> Graphs | None:
    """What captures a training's steps, or None where its plan has them run eagerly."""
    return CudaGraphs(torch.device(plan.device)) if plan.captures else None


@dataclass(frozen=True)
class _Trace:
    """What a step does beside computing: which batches it asks for, and how often it logs what."""

    asked: tuple[tuple[str, int], ...] = ()
    logged: Counter[str] = field(default_factory=Counter)


class _Inputs:
    """Batches that always lie in the same place."""

    def __init__(self, asked: Sequence[tuple[str, int]], draw: Draw) -> None:
        self._asked = asked
        self._places = [_copy(draw(*one)) for one in asked]
        self._next = 0

    def fill(self, draw: Draw) -> None:
        for place, one in zip(self._places, self._asked, strict=True):
            batch = draw(*one)
            place.images.copy_(batch.images)
            place.labels.copy_(batch.labels)

    def begin(self) -> None:
        self._next = 0

    def hand_out(self, domain: str, count: int) -> Batch:
        """Raises RuntimeError where another batch is asked for than in the warm-up."""
        if not self.left or self._asked[self._next] != (domain, count):
            raise RuntimeError("it asks for other batches than before")
        self._next += 1
        return self._places[self._next - 1]

    @property
    def left(self) -> int:
        return len(self._asked) - self._next


@dataclass
class _Kind:
    """What is known of steps of one set of phases."""

    alike: int = 0
    """Steps in a row that left the same trace."""
    trace: _Trace = field(default_factory=_Trace)
    inputs: _Inputs | None = None
    replay: Callable[[], None] = lambda: None


class CapturedSteps:
    """Runs steps, and captures those that come again."""

    def __init__(self, graphs: Graphs, statistics: Statistics, draw: Draw) -> None:
        self._graphs, self._statistics, self._draw = graphs, statistics, draw
        self._stage: Hashable = None
        self._kinds: dict[tuple[str, ...], _Kind] = {}
        self.failure = ""
        """Why a capture failed; from then on this training runs eagerly."""

    @property
    def captured(self) -> int:
        """How many kinds of steps are replayed at present."""
        return sum(kind.inputs is not None for kind in self._kinds.values())

    def run(self, stage: Hashable, phases: tuple[str, ...], work: Work) -> None:
        """Do a step: eagerly, or by its graph.

        Args:
            stage: everything that the step takes for a constant. Where it changes, no graph is of use any more.
            phases: what is due.
        """
        if self.failure:
            work(self._draw)
            return
        if stage != self._stage:
            self.forget()
            self._stage = stage
        kind = self._kinds.setdefault(phases, _Kind())
        if kind.inputs:
            kind.inputs.fill(self._draw)
            self._replay(kind)
        elif kind.alike < WARM_UP_STEPS:
            self._warm_up(kind, work)
        else:
            self._capture(kind, work)

    def forget(self) -> None:
        """Drop all graphs: tensors that they read or write are not in use any more."""
        self._kinds.clear()

    def _warm_up(self, kind: _Kind, work: Work) -> None:
        asked: list[tuple[str, int]] = []
        before = self._statistics.counts.copy()

        def noted(domain: str, count: int) -> Batch:
            asked.append((domain, count))
            return self._draw(domain, count)

        self._graphs.warm_up(lambda: work(noted))
        trace = _Trace(tuple(asked), self._statistics.counts - before)
        kind.alike = kind.alike + 1 if trace == kind.trace else 1
        kind.trace = trace

    def _capture(self, kind: _Kind, work: Work) -> None:
        inputs = _Inputs(kind.trace.asked, self._draw)
        before = self._statistics.counts.copy()
        try:
            kind.replay = self._graphs.record(lambda: work(inputs.hand_out))
            if inputs.left or self._statistics.counts - before != kind.trace.logged:
                raise RuntimeError("it does something else than before")
        except RuntimeError as error:
            self._give_up(error)
            self._statistics.counts = before
            inputs.begin()
            work(inputs.hand_out)
            return
        self._statistics.counts = before
        kind.inputs = inputs
        self._replay(kind)

    def _replay(self, kind: _Kind) -> None:
        assert kind.inputs
        before = self._statistics.counts.copy()
        kind.inputs.begin()
        kind.replay()
        self._statistics.counts = before + kind.trace.logged

    def _give_up(self, error: RuntimeError) -> None:
        self.failure = first_line(error)
        self.forget()


def _copy(batch: Batch) -> Batch:
    return Batch(batch.images.clone(), batch.labels.clone())
