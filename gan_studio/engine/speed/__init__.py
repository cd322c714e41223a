"""How a training computes. How that is chosen by measuring is in `speed.measure`, which builds trainings itself."""

from gan_studio.engine.speed.devices import choose_device, usable_cores
from gan_studio.engine.speed.plan import Plan, choose_plan, plan_of

__all__ = ["Plan", "choose_device", "choose_plan", "plan_of", "usable_cores"]
