"""The gallery: every sample grid of a run by step, one large, or two compared."""

from gan_studio.gui.pages.gallery.page import GalleryPage

__all__ = ["GalleryPage"]
