"""The kinds of film files: what each is good for and where it ends. Imports neither torch nor an encoder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gan_studio.engine.errors import StudioError

LONGEST_SIDE = 8192
"""In pixels, of a frame; hardly anything plays larger films."""


@dataclass(frozen=True)
class FilmFormat:
    """One kind of film file."""

    suffix: str
    """With its dot, as in `.mp4`."""
    title: str
    good_for: str
    """One sentence that helps to choose."""
    exact: bool
    """Whether every pixel keeps its colour."""
    most_fps: float


FILM_FORMATS = (
    FilmFormat(".mp4", "MP4 video", "Small and plays everywhere; colours soften a little at hard edges.", False, 120.0),
    FilmFormat(".webp", "Animated WebP", "Loops in browsers and chats, every pixel exact, small.", True, 100.0),
    FilmFormat(".png", "Animated PNG", "Loops in browsers, every pixel exact, large files.", True, 100.0),
    FilmFormat(".gif", "GIF", "Loops everywhere, but with 256 colours a frame; slow to write.", False, 50.0),
)
_OTHER_SUFFIXES = {".apng": ".png", ".m4v": ".mp4"}


def film_format(path: Path) -> FilmFormat:
    """The kind of film that a file name asks for. Raises StudioError for names that mean no film."""
    suffix = path.suffix.lower()
    for known in FILM_FORMATS:
        if known.suffix == _OTHER_SUFFIXES.get(suffix, suffix):
            return known
    endings = ", ".join(known.suffix for known in FILM_FORMATS)
    raise StudioError(f"{path.name} is no name of a film.", f"Let it end in one of: {endings}.")
