"""Where to a picture, a film or a model is to be written: the questions, and the endings of the answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from gan_studio.engine.film_formats import FilmFormat

PICTURE_FILES = "PNG pictures (*.png)"
SAFETENSORS_FILES = "GAN Studio generator (*.safetensors)"
ONNX_FILES = "ONNX, for other programs (*.onnx)"
SuggestPath = Callable[[str, str], Path]
"""A free path for a title and a suffix."""


def ask_picture(parent: QWidget, suggestion: Path, title: str) -> Path | None:
    """None where the user thought better of it."""
    text, _ = QFileDialog.getSaveFileName(parent, title, str(suggestion), PICTURE_FILES)
    return with_suffix(text, ".png")


def ask_film(parent: QWidget, suggestion: Path, kind: FilmFormat) -> Path | None:
    text, _ = QFileDialog.getSaveFileName(parent, "Write film", str(suggestion), f"{kind.title} (*{kind.suffix})")
    return with_suffix(text, kind.suffix)


def ask_model(parent: QWidget, suggestion: Path) -> Path | None:
    """The suffix says which format was chosen."""
    filters = f"{SAFETENSORS_FILES};;{ONNX_FILES}"
    text, chosen = QFileDialog.getSaveFileName(parent, "Export model", str(suggestion), filters)
    if text.lower().endswith((".safetensors", ".onnx")) and not _contradicts(text, chosen):
        return Path(text)
    return with_suffix(text.removesuffix(".safetensors"), ".onnx" if chosen == ONNX_FILES else ".safetensors")


def with_suffix(text: str, suffix: str) -> Path | None:
    if not text:
        return None
    return Path(text) if text.lower().endswith(suffix) else Path(f"{text}{suffix}")


def _contradicts(text: str, chosen: str) -> bool:
    """The suggested ending stands there still, and another kind of file was chosen below."""
    return chosen == ONNX_FILES and text.lower().endswith(".safetensors")
