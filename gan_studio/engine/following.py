"""What the processes of a training do that neither decide nor write: whatever rank 0 announces."""

from __future__ import annotations

from gan_studio.engine.distributed import World
from gan_studio.engine.errors import StudioError
from gan_studio.engine.state import TrainingState
from gan_studio.engine.stats import Statistics


def follow(world: World, training: TrainingState, statistics: Statistics) -> None:
    """Take part in every step until rank 0 is done. Raises PeerLost where it is gone, StudioError for an order from
    another version of this program."""
    stepper = training.stepper
    while (order := world.hear()).word != "end":
        match order.word:
            case "step":
                stepper.rates.update(order.values["rates"])
                stepper.step(order.values["step"], order.values["images"])
            case "half_step":
                stepper.rates.update(order.values["rates"])
                stepper.half_step(order.values["network"], order.values["images"])
            case "report":
                statistics.read()
            case "forget_skipped":
                statistics.forget_skipped()
            case "restore":
                training.restore({})
            case other:
                raise StudioError(
                    f"The first process says {other!r}, which this one does not know.",
                    "Install the same version of GAN Studio on all machines.",
                )
