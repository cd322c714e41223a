"""The explorer: walk through what a generator learned, edit its latents, take pictures home."""

from gan_studio.gui.pages.explorer.page import ExplorerPage

__all__ = ["ExplorerPage"]
