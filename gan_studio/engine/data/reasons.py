"""Why a file is left out, in words for a person. Imports no torch."""

from __future__ import annotations

import errno
import zipfile
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import BinaryIO, TypeVar

from PIL import Image, UnidentifiedImageError

from gan_studio.engine.errors import DatasetError, first_line

T = TypeVar("T")

HIDDEN = "hidden or system file"
HIDDEN_FOLDER = "hidden or system folder"
NOT_A_PICTURE = "not a picture of a kind that is read here"
DAMAGED = "damaged, or not really a picture"
EMPTY = "empty: zero bytes"
CUT_OFF = "cut off: the end of the file is missing"
TOO_LARGE = "asks for more pixels than can be a picture"
NO_PERMISSION = "no permission to read it"
GONE = "is gone, or a broken link"
CHANGED = "was changed after it was looked at"
BROKEN_LINK = "broken link"
CIRCLE = "link to a folder that is read already"
SPECIAL = "not a regular file"
ENCRYPTED = "encrypted"
UNSAFE_NAME = "a name that leads out of the zip"
TWICE = "the same name is in the zip twice"
UNPACKS_HUGE = "unpacks to more bytes than can be a picture"

PICTURE_ENDINGS = frozenset(
    [
        ".png",
        ".apng",
        ".jpg",
        ".jpeg",
        ".jpe",
        ".jfif",
        ".webp",
        ".bmp",
        ".dib",
        ".gif",
        ".tif",
        ".tiff",
        ".heic",
        ".heif",
        ".hif",
        ".avif",
    ]
)
_PASSING = frozenset({errno.ENOENT, errno.EACCES, errno.EPERM, errno.EIO, errno.ESTALE, errno.EMFILE, errno.ENFILE})


def smaller_than(crop: int) -> str:
    return f"smaller than the {crop} px of a crop"


class UnreadablePicture(DatasetError):
    """One picture that cannot be read; `message` is the reason.

    `passing` says that it may well be readable another time (no permission, a drive that went away).
    """

    def __init__(self, reason: str, *, passing: bool = False) -> None:
        super().__init__(reason)
        self.passing = passing

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return partial(UnreadablePicture, passing=self.passing), (self.message,)


def unreadable(error: Exception) -> UnreadablePicture:
    """What went wrong while a picture was read, as one of our own errors."""
    if isinstance(error, UnreadablePicture):
        return error
    passing = isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in _PASSING)
    return UnreadablePicture(_reason(error), passing=passing)


def attempt(
    open_file: Callable[[str], AbstractContextManager[BinaryIO]], name: str, read: Callable[[BinaryIO], T]
) -> T | UnreadablePicture:
    """What `read` makes of a file, or why it cannot be read: decoders fail in more ways than can be listed."""
    try:
        with open_file(name) as file:
            return read(file)
    except Exception as error:
        return unreadable(error)


def _reason(error: Exception) -> str:
    match error:
        case Image.DecompressionBombError() | Image.DecompressionBombWarning():
            return TOO_LARGE
        case UnidentifiedImageError():
            return DAMAGED
        case PermissionError():
            return NO_PERMISSION
        case FileNotFoundError() | NotADirectoryError():
            return GONE
        case MemoryError():
            return "does not fit into memory"
        case zipfile.BadZipFile() | zlib.error():
            return f"damaged inside the zip: {first_line(error)}"
        case EOFError():
            return CUT_OFF
        case OSError() if "truncated" in str(error).lower():
            return CUT_OFF
        case _:
            return f"damaged: {first_line(error)}"
