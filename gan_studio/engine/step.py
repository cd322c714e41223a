"""One training step: the phases that are due, each with its own networks unfrozen and one optimiser update."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import Optimizer

from gan_studio.engine.data.batches import Batch, BatchSource
from gan_studio.engine.distributed import ALONE, World
from gan_studio.engine.families.base import Family, Parts, Phase, Stage
from gan_studio.engine.latent import drawing
from gan_studio.engine.rates import Rates
from gan_studio.engine.sampler_controls import Prior
from gan_studio.engine.speed import Plan
from gan_studio.engine.speed.capture import CapturedSteps, Draw, Graphs
from gan_studio.engine.stats import Statistics


class StepDiscarded(Exception):
    """The user wants to stop, and the step under way is too long to be waited for."""


class Stepper:
    """Runs phases, and is the `StepContext` that their losses see.

    It owns freezing, autocast, the finite check, the optimiser updates and what is shared within a step.
    """

    def __init__(
        self,
        family: Family,
        parts: Parts,
        optimizers: Mapping[str, Optimizer],
        data: Mapping[str, BatchSource],
        plan: Plan,
        statistics: Statistics,
        world: World = ALONE,
        graphs: Graphs | None = None,
    ) -> None:
        """`graphs` captures steps, where the plan has them captured and the family's losses allow it."""
        self.networks: Mapping[str, nn.Module] = parts.networks
        self.state = parts.state
        self.device = torch.device(plan.device)
        self.stage = Stage()
        self.wants_to_leave: Callable[[], bool] = lambda: False
        self._family, self._parts, self._statistics = family, parts, statistics
        self._optimizers, self._data, self._world = optimizers, data, world
        captures = graphs if graphs and self._some_can_be_captured(family) else None
        self.captured = CapturedSteps(captures, statistics, self._drawn) if captures else None
        self.plan = plan if captures else plan.eager()
        """How steps are computed: as planned, but eagerly where they cannot be captured."""
        self._in_place = Rates(optimizers, self.device if captures else None)
        self.rates = dict(self._in_place.first)
        self._given: Draw | None = None
        """What hands out batches instead of the data, in a step that is captured and cannot be left."""
        # Kept, because walking through the modules of small networks takes as long as computing with them
        self._weights = {name: list(network.parameters()) for name, network in parts.networks.items()}
        self._statistics_of_batches = _statistics_of_batches(parts)
        self._batches: dict[str, Batch] = {}
        self._fakes: Any = None
        self._due_networks: tuple[str, ...] = ()

    # --- what the trainer calls ---

    def step(self, step: int, images: int) -> int:
        """Run every phase due in `step`, `images` having been seen before. Returns the images of this step."""
        self._world.announce("step", step=step, images=images, rates=self.rates)
        self.stage = self._family.stage(images)
        due = [phase for phase in self._family.phases(self.stage) if phase.due(step)]
        self._set_rates(due)
        if self.captured and all(self._can_be_captured(phase) for phase in due):
            self._captured_step(due, self.captured)
        else:
            self._whole_step(due)
        self._world.average_all(self._statistics_of_batches)
        return self.batch_size

    def half_step(self, network: str, images: int) -> int:
        """Run each phase that trains `network` once, due or not, on a batch of its own. Returns the images of it."""
        self._world.announce("half_step", network=network, images=images, rates=self.rates)
        self.stage = self._family.stage(images)
        phases = [phase for phase in self._family.phases(self.stage) if network in phase.trains]
        self._set_rates(phases)
        self._run(phases)
        return self.batch_size

    def restored(self) -> None:
        """The optimisers have been loaded: their tensors are others than before."""
        self._in_place.forget()
        if self.captured:
            self.captured.forget()

    @property
    def may_be_left(self) -> bool:
        """Whether a step can be discarded in its midst: not where other processes are at it too."""
        return self._world.size == 1

    @property
    def batch_size(self) -> int:
        """Pictures of a step, over all processes."""
        return self.stage.batch_factor * next(iter(self._data.values())).batch_size

    # --- what losses call (StepContext) ---

    def reals(self, domain: str = "image", *, fresh: bool = False) -> Tensor:
        self.check_stop()
        if fresh or domain not in self._batches:
            self._batches[domain] = (self._given or self._drawn)(domain, self.batch_size)
        images, size = self._batches[domain].images, self.stage.size
        return images if size is None else functional.adaptive_avg_pool2d(images, size)

    def labels(self, domain: str = "image") -> Tensor:
        self.reals(domain)
        return self._batches[domain].labels

    def fakes(self) -> Any:
        if self._fakes is None:
            self.check_stop()
            with self._only_trainable(self._due_networks):
                self._fakes = self._family.generate(self)
        return self._fakes

    def noise(self, *shape: int, prior: Prior = "normal") -> Tensor:
        return drawing.latents(*shape, prior=prior, device=self.device)

    def log(self, name: str, value: Tensor) -> None:
        self._statistics.add(name, value)

    def average(self, value: Tensor) -> Tensor:
        return self._world.average(value)

    def over_batch(self, work: Callable[[Tensor], Tensor], own: Tensor) -> Tensor:
        return work(self._world.gather(own)).narrow(0, self._world.rank * len(own), len(own))

    def check_stop(self) -> None:
        if not self._given and self.wants_to_leave():
            raise StepDiscarded

    # --- phases ---

    def _captured_step(self, due: Sequence[Phase], captured: CapturedSteps) -> None:
        self.check_stop()
        names = tuple(phase.name for phase in due)
        captured.run(_constants(self.stage), names, lambda draw: self._whole_step(due, draw))
        if captured.failure and self.plan.capture:
            self.plan = self.plan.eager()

    def _whole_step(self, due: Sequence[Phase], given: Draw | None = None) -> None:
        self._given = given
        try:
            self._run(due)
            self._family.after_step(self)
        finally:
            self._given = None

    def _run(self, phases: Sequence[Phase]) -> None:
        self._batches.clear()
        self._fakes = None
        self._due_networks = tuple({name for phase in phases for name in phase.trains})
        for phase in phases:
            self._run_phase(phase)
        self._fakes = None

    def _run_phase(self, phase: Phase) -> None:
        optimizer = self._optimizers[phase.optimizer]
        optimizer.zero_grad(set_to_none=True)
        with self._only_trainable(phase.trains):
            with self.plan.autocast():
                loss = phase.loss(self)
            self.check_stop()
            loss.backward()
        self.check_stop()
        self._update(phase, optimizer)
        if phase.after is not None:
            phase.after(self)
        if self._fakes is not None and set(phase.trains) & set(self._parts.averaged):
            self._fakes = self._family.kept(self._fakes, phase.trains)

    def _update(self, phase: Phase, optimizer: Any) -> None:
        """Apply the gradients unless one is not finite, which the optimiser finds out on the device by itself."""
        gradients = [p.grad for group in optimizer.param_groups for p in group["params"] if p.grad is not None]
        self._world.average_all(gradients)
        norm = torch.nn.utils.get_total_norm(gradients)
        found_inf = (~norm.isfinite()).float()
        if optimizer.defaults.get("fused"):
            optimizer.found_inf = found_inf
            optimizer.step()
        elif not found_inf:  # the others know nothing of it, and the device has to be asked
            optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        self._statistics.add(f"grad/{phase.name}", norm)
        self._statistics.add_update(phase.optimizer, found_inf)

    def _set_rates(self, phases: Sequence[Phase]) -> None:
        for name in dict.fromkeys(phase.optimizer for phase in phases):
            self._in_place.set(name, self.rates[name] * self.stage.learning_rate_factors.get(name, 1.0))
            for group in self._optimizers[name].param_groups if self.stage.momentum is not None else ():
                if "momentum" in group:
                    group["momentum"] = self.stage.momentum

    def _drawn(self, domain: str, count: int) -> Batch:
        return self._data[domain].next(count)

    def _some_can_be_captured(self, family: Family) -> bool:
        """Step 0 has no phases but those that are part of every step."""
        return all(self._can_be_captured(phase) for phase in family.phases(family.stage(0)) if phase.due(0))

    def _can_be_captured(self, phase: Phase) -> bool:
        """Others than fused optimisers have the device asked whether gradients are finite."""
        return phase.capturable and bool(self._optimizers[phase.optimizer].defaults.get("fused"))

    @contextmanager
    def _only_trainable(self, names: Sequence[str]) -> Iterator[None]:
        """Give gradients to these networks alone for a while: no gradient is computed that nobody uses."""
        others = [
            weight
            for name, weights in self._weights.items()
            for weight in weights
            if weight.requires_grad is not (name in names)
        ]
        try:
            for weight in others:
                weight.requires_grad_(not weight.requires_grad)
            yield
        finally:
            for weight in others:
                weight.requires_grad_(not weight.requires_grad)


def _constants(stage: Stage) -> Hashable:
    """All of a stage that a loss may compute with. Learning rates are no part of it: they change without a capture."""
    return stage.name, stage.size, stage.batch_factor, tuple(sorted(stage.values.items()))


def _statistics_of_batches(parts: Parts) -> list[Tensor]:
    """What follows each batch beside weights: BatchNorm's running statistics, a mean w, a mean length.

    Single numbers of the state, but no pictures that it keeps: those follow the whole batch (`over_batch`).
    """
    kept = [buffer for network in parts.networks.values() for buffer in network.buffers()]
    kept += [buffer for buffer in parts.state.buffers() if buffer.dim() == 0]
    return [buffer for buffer in kept if buffer.is_floating_point()]
