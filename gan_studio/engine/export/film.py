"""Films from frames: MP4 (H.264), animated WebP and PNG, GIF, all through PyAV, frame by frame. Imports no torch.

Pillow could write the last three, but keeps every frame in memory until the last; here one frame is held at a time,
besides what an encoder looks ahead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from gan_studio.engine.errors import Cancelled, StudioError
from gan_studio.engine.files import atomic_write, write_error
from gan_studio.engine.film_formats import LONGEST_SIDE, FilmFormat, film_format
from gan_studio.engine.progress import IsCancelled, Progress

if TYPE_CHECKING:
    import av

PALETTE = 256


@dataclass(frozen=True)
class _Encoder:
    """What PyAV is asked for."""

    container: str
    codec: str
    pixels: str
    """FFmpeg's name of the pixel format that frames are handed over in."""
    options: Mapping[str, str] = field(default_factory=dict)
    container_options: Mapping[str, str] = field(default_factory=dict)


_ENCODERS = {
    # A constant quality at which enlarged pixels stay apart; 4:2:0, because nothing else plays everywhere
    ".mp4": _Encoder("mp4", "libx264", "yuv420p", {"crf": "15", "preset": "medium"}),
    ".webp": _Encoder("webp", "libwebp_anim", "bgra", {"lossless": "1", "compression_level": "4"}, {"loop": "0"}),
    ".png": _Encoder("apng", "apng", "rgb24", {"pred": "mixed"}, {"plays": "0"}),
    ".gif": _Encoder("gif", "gif", "pal8", {}, {"loop": "0"}),
}


def write_film(
    path: Path,
    frames: Iterable[np.ndarray],
    count: int,
    fps: float,
    progress: Progress = lambda done, total: None,
    cancelled: IsCancelled = lambda: False,
    *,
    zoom: int = 1,
) -> None:
    """Write frames uint8 `[H, W, 3]`, all of one size, as a film of the kind that the suffix names.

    The file appears when it is whole; one that bore the name before is replaced then. Where the format wants even
    sides (MP4), the last row or column of an odd frame is shown twice.

    Args:
        frames: taken one at a time; may be a generator that makes them.
        count: how many there are, for the progress.
        fps: frames per second; more than the format can hold are slowed down to what it can.
        zoom: pixels become squares of this side, with hard edges.

    Raises Cancelled when `cancelled()` is true before a frame, and StudioError when there is nothing to film, the
    frames are too large or of several sizes, or the file cannot be written. Nothing is left behind then.
    """
    from av.error import FFmpegError

    kind = film_format(path)
    try:
        with atomic_write(path) as file:
            sink = _Sink(file)
            try:
                _encode(sink, kind, _watched(frames, count, progress, cancelled, zoom), fps)
            except FFmpegError as error:
                raise sink.refusal or error from error
    except FFmpegError as error:
        if isinstance(error, OSError):
            raise write_error(path, error) from error
        raise StudioError(f"{path.name} could not be encoded: {error.strerror}.", "Try another format.") from error


class _Sink:
    """A file as PyAV wants it; remembers why the system refused to write, which FFmpeg passes on without the reason."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell
        self.refusal: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            return self._file.write(data)
        except OSError as error:
            self.refusal = error
            raise


def _watched(
    frames: Iterable[np.ndarray],
    count: int,
    progress: Progress,
    cancelled: IsCancelled,
    zoom: int,
) -> Iterator[np.ndarray]:
    """The frames, enlarged; between them progress is told and a cancel is heard."""
    size: tuple[int, ...] | None = None
    progress(0, count)
    for number, frame in enumerate(frames):
        if cancelled():
            raise Cancelled
        if size not in (None, frame.shape):
            raise StudioError("The frames of this film differ in size.", "Choose frames of one run.")
        size = frame.shape
        yield enlarged(frame, zoom)
        progress(number + 1, max(count, number + 1))
    if cancelled():
        raise Cancelled


def enlarged(pixels: np.ndarray, zoom: int) -> np.ndarray:
    """Pixels `[H, W, C]` as squares of side `zoom`."""
    return pixels if zoom <= 1 else pixels.repeat(zoom, axis=0).repeat(zoom, axis=1)


def _encode(file: _Sink, kind: FilmFormat, frames: Iterator[np.ndarray], fps: float) -> None:
    import av

    encoder = _ENCODERS[kind.suffix]
    first = next(frames, None)
    if first is None:
        raise StudioError("There is nothing to film.", "Choose at least one frame.")
    height, width = first.shape[:2]
    if max(width, height) > LONGEST_SIDE:
        raise StudioError(
            f"Frames of {width:,} × {height:,} pixels are too large for a film.",
            f"Choose a smaller zoom: at most {LONGEST_SIDE:,} pixels a side.",
        )
    with av.open(file, "w", format=encoder.container, container_options=dict(encoder.container_options)) as container:
        stream = _stream(container, encoder, width, height, min(max(fps, 0.05), kind.most_fps))
        for number, frame in enumerate(_and_then(first, frames)):
            made = _av_frame(frame, encoder.pixels)
            made.pts, made.time_base = number, stream.codec_context.time_base
            container.mux(stream.encode(made))
        container.mux(stream.encode())


def _stream(container: Any, encoder: _Encoder, width: int, height: int, fps: float) -> av.VideoStream:
    rate = Fraction(fps).limit_denominator(1000)
    stream = container.add_stream(encoder.codec, rate=rate, options=dict(encoder.options))
    even = 2 if encoder.pixels == "yuv420p" else 1
    stream.width, stream.height = width + width % even, height + height % even
    stream.pix_fmt = encoder.pixels
    context = stream.codec_context
    context.time_base = 1 / rate
    if encoder.pixels == "yuv420p":
        # Told in the file, because players guess otherwise, and by the size of the picture: BT.709, studio range
        context.colorspace = context.color_primaries = context.color_trc = 1
        context.color_range = 1
    return stream


def _av_frame(frame: np.ndarray, pixels: str) -> av.VideoFrame:
    from av import VideoFrame
    from av.video.reformatter import ColorRange, Colorspace

    if pixels == "pal8":
        indices_and_colours: Any = _with_palette(frame)  # PyAV's own types know no pair
        return VideoFrame.from_ndarray(indices_and_colours, format="pal8")
    if pixels == "yuv420p":
        height, width = frame.shape[:2]
        frame = np.pad(frame, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    made = VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")
    if pixels == "yuv420p":
        return made.reformat(format=pixels, dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG)
    return made if pixels == "rgb24" else made.reformat(format=pixels)


def _with_palette(frame: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Indices uint8 `[H, W]` and the frame's own best 256 colours, ARGB uint8 `[256, 4]`."""
    image = Image.fromarray(frame).quantize(PALETTE, dither=Image.Dither.NONE)
    colours = np.asarray(image.getpalette("RGB"), np.uint8).reshape(-1, 3)
    palette = np.zeros((PALETTE, 4), np.uint8)
    palette[:, 0] = 255
    palette[: len(colours), 1:] = colours
    return np.asarray(image), palette


def _and_then(first: np.ndarray, others: Iterator[np.ndarray]) -> Iterator[np.ndarray]:
    yield first
    yield from others
