"""What lies in the files of public data sets: names and PNG or JPEG bytes of each picture. Imports no torch."""

from __future__ import annotations

import bz2
import gzip
import io
import pickle
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from gan_studio.engine.errors import DatasetError

Pictures = Iterator[tuple[str, bytes]]
Unpack = Callable[[Sequence[Path]], Pictures]
_IDX_TYPES = {0x08: ">u1", 0x0B: ">i2", 0x0C: ">i4"}
_MAT_TYPES = {1: "i1", 2: "u1", 3: "<i2", 4: "<u2", 5: "<i4", 6: "<u4", 7: "<f4", 9: "<f8", 12: "<i8", 13: "<u8"}
_PICTURE_ENDINGS = (".jpg", ".jpeg", ".png")
_STL_FILES = ("class_names.txt", "train_X.bin", "train_y.bin", "test_X.bin", "test_y.bin")


def idx(content: bytes) -> np.ndarray:
    """An array in the IDX format of MNIST. Raises DatasetError."""
    if len(content) < 4 or content[2] not in _IDX_TYPES:
        raise DatasetError("A file is not in the IDX format.", "Delete it and download the set again.")
    kind, dimensions = content[2], content[3]
    shape = struct.unpack(f">{dimensions}I", content[4 : 4 + 4 * dimensions])
    return np.frombuffer(content, _IDX_TYPES[kind], offset=4 + 4 * dimensions).reshape(shape)


def mnist_like(classes: Sequence[str]) -> Unpack:
    """Pairs of gzipped files: pictures, then their labels."""

    def unpack(files: Sequence[Path]) -> Pictures:
        for pictures, labels in zip(files[::2], files[1::2], strict=True):
            arrays = idx(gzip.decompress(pictures.read_bytes())), idx(gzip.decompress(labels.read_bytes()))
            yield from labelled(*arrays, classes, pictures.name.partition("-")[0])

    return unpack


def emnist(split: str, classes: Sequence[str], first_label: int) -> Unpack:
    """One split of EMNIST's zip, whose pictures lie on their side."""

    def unpack(files: Sequence[Path]) -> Pictures:
        with zipfile.ZipFile(files[0]) as archive:
            for part in ("train", "test"):
                stem = f"gzip/emnist-{split}-{part}"
                pictures = idx(gzip.decompress(archive.read(f"{stem}-images-idx3-ubyte.gz")))
                labels = idx(gzip.decompress(archive.read(f"{stem}-labels-idx1-ubyte.gz")))
                yield from labelled(pictures.transpose(0, 2, 1), labels.astype(np.int64) - first_label, classes, part)

    return unpack


def cifar(label_key: bytes, names_key: bytes) -> Unpack:
    """CIFAR's archive for Python."""

    def unpack(files: Sequence[Path]) -> Pictures:
        with tarfile.open(files[0]) as archive:
            content = {Path(one.name).name: one for one in archive if one.isfile()}
            meta = next(content[name] for name in ("batches.meta", "meta") if name in content)
            classes = [name.decode() for name in _unpickled(archive, meta)[names_key]]
            for name in sorted(content):
                if name.startswith(("data_batch", "test_batch")) or name in ("train", "test"):
                    batch = _unpickled(archive, content[name])
                    pixels = batch[b"data"].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
                    yield from labelled(pixels, np.array(batch[label_key]), classes, name)

    return unpack


def svhn(files: Sequence[Path]) -> Pictures:
    """MATLAB files with digits; 10 stands for 0."""
    for path in files:
        values = mat(path.read_bytes())
        pixels = values["X"].transpose(3, 0, 1, 2)
        yield from labelled(pixels, values["y"].ravel().astype(int) % 10, "0123456789", path.name.partition("_")[0])


def flowers(files: Sequence[Path]) -> Pictures:
    """A tar of JPEGs, and the number of each one's flower."""
    labels = mat(files[1].read_bytes())["labels"].ravel().astype(int)
    for name, content in _tar_members(files[0]):
        number = int(Path(name).stem.removeprefix("image_"))
        yield f"flower {labels[number - 1]:03d}/{Path(name).name}", content


def pets(files: Sequence[Path]) -> Pictures:
    """A tar of JPEGs whose names begin with the breed."""
    for name, content in _tar_members(files[0]):
        yield f"{Path(name).stem.rpartition('_')[0].replace('_', ' ')}/{Path(name).name}", content


def folders(names: dict[str, str] | None = None) -> Unpack:
    """A tar or zip that has a folder for each class already; `names` says what folders are to be called."""

    def unpack(files: Sequence[Path]) -> Pictures:
        members = _zip_members if files[0].suffix == ".zip" else _tar_members
        for name, content in members(files[0]):
            path = Path(name)
            yield f"{(names or {}).get(path.parent.name, path.parent.name)}/{path.name}", content

    return unpack


def usps(files: Sequence[Path]) -> Pictures:
    """Text, a line a picture of 16 × 16: its label, then each pixel between -1 and 1."""
    for path in files:
        rows = [line.split() for line in bz2.decompress(path.read_bytes()).decode().splitlines()]
        values = np.array([[float(item.partition(":")[2]) for item in row[1:]] for row in rows])
        pixels = np.rint((values + 1) * 127.5).clip(0, 255).astype(np.uint8).reshape(-1, 16, 16)
        labels = np.array([int(row[0]) - 1 for row in rows])
        yield from labelled(pixels, labels, "0123456789", "test" if ".t." in path.name else "train")


def labelled(pixels: np.ndarray, labels: np.ndarray, classes: Sequence[str], part: str) -> Pictures:
    """PNGs in a folder for each class. `pixels` is uint8 `[N, H, W]` or `[N, H, W, 3]`."""
    for number, (picture, label) in enumerate(zip(pixels, labels, strict=True)):
        file = io.BytesIO()
        Image.fromarray(np.ascontiguousarray(picture)).save(file, "PNG", compress_level=1)
        yield f"{classes[int(label)]}/{part}-{number:06d}.png", file.getvalue()


def mat(content: bytes) -> dict[str, np.ndarray]:
    """The numeric arrays of a MATLAB 5 file, by name."""
    found, place = {}, 128
    while place + 8 <= len(content):
        kind, size = struct.unpack_from("<II", content, place)
        body = content[place + 8 : place + 8 + size]
        if kind == 15:  # compressed
            inner = zlib.decompress(body)
            kind, body = struct.unpack_from("<I", inner)[0], inner[8:]
        if kind == 14:
            name, values = _mat_array(body)
            found[name] = values
        place += 8 + size
    return found


def _mat_array(body: bytes) -> tuple[str, np.ndarray]:
    parts, place = [], 0
    while len(parts) < 4 and place < len(body):
        (tag,) = struct.unpack_from("<I", body, place)
        if tag >> 16:  # a short one, within its own tag
            kind, size, start, after = tag & 0xFFFF, tag >> 16, place + 4, place + 8
        else:
            kind, size, start = tag, struct.unpack_from("<I", body, place + 4)[0], place + 8
            after = start + -(-size // 8) * 8
        parts.append((kind, body[start : start + size]))
        place = after
    _, dimensions, name, (kind, values) = parts
    shape = np.frombuffer(dimensions[1], "<i4")
    return name[1].decode("ascii"), np.frombuffer(values, _MAT_TYPES[kind]).reshape(shape, order="F")


class _ArraysOnly(pickle.Unpickler):
    """A pickle may run code; these may only build arrays."""

    def find_class(self, module: str, name: str) -> Any:
        allowed = ("_reconstruct", "ndarray", "dtype", "_frombuffer", "scalar", "encode")
        if name in allowed and module.split(".")[0] in ("numpy", "_codecs"):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a file of pictures")


def _unpickled(archive: tarfile.TarFile, member: tarfile.TarInfo) -> dict[bytes, Any]:
    file = archive.extractfile(member)
    assert file is not None
    with file:
        return _ArraysOnly(file, encoding="bytes").load()


def _tar_members(path: Path) -> Pictures:
    with tarfile.open(path) as archive:
        for member in archive:
            if member.isfile() and _is_picture(member.name):
                file = archive.extractfile(member)
                assert file is not None
                yield member.name, file.read()


def _zip_members(path: Path) -> Pictures:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if _is_picture(name):
                yield name, archive.read(name)


def _is_picture(name: str) -> bool:
    return name.lower().endswith(_PICTURE_ENDINGS) and not Path(name).name.startswith(".")


def stl(files: Sequence[Path]) -> Pictures:
    """STL-10's archive: the labelled pictures of both parts, column by column."""
    with tarfile.open(files[0]) as archive:
        found = {}
        for member in archive:
            name = Path(member.name).name
            file = archive.extractfile(member) if name in _STL_FILES else None
            if file is not None:
                found[name] = file.read()
    classes = found["class_names.txt"].decode().split()
    for part in ("train", "test"):
        pixels = np.frombuffer(found[f"{part}_X.bin"], np.uint8).reshape(-1, 3, 96, 96).transpose(0, 3, 2, 1)
        yield from labelled(pixels, np.frombuffer(found[f"{part}_y.bin"], np.uint8) - 1, classes, part)
