"""The runs page: everything that was ever trained."""

from gan_studio.gui.pages.runs.page import RunsPage

__all__ = ["RunsPage"]
