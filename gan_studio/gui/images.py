"""Between numpy pictures and Qt's. Imports no torch."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap


def to_qimage(pixels: np.ndarray) -> QImage:
    """An independent picture from uint8 `[H, W, 3]` (RGB) or `[H, W]` (grey).

    Raises ValueError for any other type or shape.
    """
    grey = pixels.ndim == 2
    if pixels.dtype != np.uint8 or not (grey or (pixels.ndim == 3 and pixels.shape[2] == 3)):
        raise ValueError(f"Pictures are uint8 [H, W, 3] or [H, W], not {pixels.dtype} {list(pixels.shape)}.")
    # QImage looks at the array's memory: it must be one block, its stride must be told, and it must be left by a copy.
    block = np.ascontiguousarray(pixels)
    height, width = block.shape[:2]
    format_ = QImage.Format.Format_Grayscale8 if grey else QImage.Format.Format_RGB888
    return QImage(block.data, width, height, block.strides[0], format_).copy()


def from_qimage(image: QImage) -> np.ndarray:
    """uint8 `[H, W, 3]` (RGB), C-contiguous, from any picture; transparency is dropped."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    height, width = rgb.height(), rgb.width()
    rows = np.frombuffer(rgb.constBits(), np.uint8).reshape(height, rgb.bytesPerLine())
    return rows[:, : 3 * width].reshape(height, width, 3).copy()


def device_pixmap(pixels: np.ndarray, size: QSize, ratio: float, smooth: bool = False) -> QPixmap:
    """A picture stretched to `size` (device-independent pixels) on a screen with `ratio` device pixels each.

    Only on the GUI thread. Hard pixels unless `smooth`.
    """
    mode = Qt.TransformationMode.SmoothTransformation if smooth else Qt.TransformationMode.FastTransformation
    target = QSize(round(size.width() * ratio), round(size.height() * ratio))
    image = to_qimage(pixels).scaled(target, Qt.AspectRatioMode.IgnoreAspectRatio, mode)
    image.setDevicePixelRatio(ratio)
    return QPixmap.fromImage(image)


def pixel_zoom(side: int, available: int) -> int:
    """The largest whole-number zoom at which `side` pixels fit into `available`, at least 1."""
    return max(1, available // max(1, side))
