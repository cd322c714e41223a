"""What a front end may ask of a trainer while it runs.

Every method may be called from any thread and returns at once: it sets a flag, and the trainer looks at the flags
between two steps, and inside a long one at the flag for stopping. Nothing here is a queued call, because a queued call
would wait until training is over.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Intervention:
    """Something a person did by hand that changes the course of training.

    Interventions are written down with their step, so that a run which is killed and resumed repeats them.
    """

    kind: str
    """`learning_rate` or `phase`."""
    name: str
    """The optimiser whose rate changes, or the network whose phases are run once."""
    value: float = 0.0


@dataclass(frozen=True)
class Snapshot:
    """A copy of the averaged generator, taken at the end of a step."""

    version: int
    step: int
    tensors: dict[str, Any]
    """State by network name and key (`"G.blocks.0.weight"`), on the CPU, owned by whoever took the snapshot."""


class Control:
    """Flags, requests and a mailbox of one place, shared by one trainer and its front end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._running = threading.Event()
        self._running.set()
        self._wake = threading.Event()
        self._single_steps = 0
        self._requests: set[str] = set()
        self._interventions: deque[Intervention] = deque()
        self._snapshot: Snapshot | None = None
        self._version = 0
        self.seconds_between_steps = 0.0
        """Slow motion: how long the trainer rests after each step."""

    # --- what a front end calls ---

    def stop(self) -> None:
        """End training after, or inside, the step under way; a checkpoint is then written."""
        self._stop.set()
        self._wake.set()

    def pause(self) -> None:
        """Hold training at the end of the step; the model stays in memory and can be sampled."""
        self._running.clear()
        self._wake.set()

    def resume(self) -> None:
        """Go on after `pause`."""
        with self._lock:
            self._single_steps = 0
        self._running.set()
        self._wake.set()

    def step_once(self) -> None:
        """Run one step, then hold."""
        with self._lock:
            self._single_steps += 1
        self._running.clear()
        self._wake.set()

    def train_only(self, network: str) -> None:
        """Run the phases of one network (`"D"` or `"G"`) once, by hand, outside the count of steps."""
        self._intervene(Intervention("phase", network))

    def set_learning_rate(self, optimizer: str, rate: float) -> None:
        """Change a base learning rate from the next step on. Raises ValueError for one that no training survives."""
        if not (math.isfinite(rate) and rate >= 0):
            raise ValueError(f"a learning rate is a number from 0 on, not {rate}")
        self._intervene(Intervention("learning_rate", optimizer, float(rate)))

    def request_sample(self) -> None:
        """Make a sample grid at the end of this step."""
        self._request("sample")

    def request_checkpoint(self) -> None:
        """Write a checkpoint at the end of this step."""
        self._request("checkpoint")

    def request_snapshot(self) -> None:
        """Put a copy of the averaged generator into the mailbox at the end of this step."""
        self._request("snapshot")

    def take_snapshot(self) -> Snapshot | None:
        """The newest snapshot, once: the mailbox is empty afterwards."""
        with self._lock:
            snapshot, self._snapshot = self._snapshot, None
            return snapshot

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    @property
    def paused(self) -> bool:
        return not self._running.is_set()

    # --- what the trainer calls ---

    def put_snapshot(self, step: int, tensors: dict[str, Any]) -> Snapshot:
        """Replace whatever lies in the mailbox."""
        with self._lock:
            self._version += 1
            self._snapshot = Snapshot(self._version, step, tensors)
            return self._snapshot

    def take_request(self, name: str) -> bool:
        """True once for each time `name` was asked for since the last look."""
        with self._lock:
            asked = name in self._requests
            self._requests.discard(name)
            return asked

    def take_intervention(self) -> Intervention | None:
        with self._lock:
            return self._interventions.popleft() if self._interventions else None

    def take_single_step(self) -> bool:
        with self._lock:
            if self._single_steps == 0:
                return False
            self._single_steps -= 1
            return True

    def wait(self, seconds: float) -> None:
        """Rest until something is asked for, at most `seconds`."""
        self._wake.wait(seconds)
        self._wake.clear()

    def _request(self, name: str) -> None:
        with self._lock:
            self._requests.add(name)
        self._wake.set()

    def _intervene(self, intervention: Intervention) -> None:
        with self._lock:
            self._interventions.append(intervention)
        self._wake.set()
