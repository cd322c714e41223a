"""The Data side of the training page: the pictures, which are trained on, what they are like, what was skipped."""

from gan_studio.gui.pages.train.data_view.view import DataView

__all__ = ["DataView"]
