"""The training page."""

from gan_studio.gui.pages.train.page import TrainPage
from gan_studio.gui.pages.train.run_state import RunState

__all__ = ["RunState", "TrainPage"]
