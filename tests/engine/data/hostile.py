"""Makes a folder of files that break picture readers, and says what is to become of each."""

from __future__ import annotations

import io
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, PngImagePlugin

Colour = tuple[int, int, int]
RED, GREEN, BLUE = (200, 30, 40), (20, 160, 60), (30, 60, 200)
WHITE, BLACK, GREY = (255, 255, 255), (0, 0, 0), (128, 128, 128)
TOP_LEFT, MIDDLE = (0.15, 0.15), (0.5, 0.5)
SIDE = 48


@dataclass(frozen=True)
class Expectation:
    """What is to become of a file: read, with these colours at these places, or skipped with a part of its reason."""

    colours: tuple[tuple[tuple[float, float], Colour], ...] = ()
    """(x, y) as shares of the picture → RGB, over a white background."""
    reason: str = ""
    tolerance: int = 6

    @property
    def is_read(self) -> bool:
        return bool(self.colours)


Made = tuple[bytes, Expectation]


def make_hostile_folder(folder: Path) -> dict[str, Expectation]:
    """Fill `folder` (made if missing); returns the expectation for each file by its name in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    expected = {}
    for name, (content, expectation) in _files():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.write_bytes(content)
        except (OSError, UnicodeEncodeError):
            continue  # a name that this file system does not take
        expected[name] = expectation
    expected.update(_special_files(folder))
    return expected


def _files() -> Iterator[tuple[str, Made]]:
    yield from _modes().items()
    yield from _orientations().items()
    yield from _animations().items()
    yield from _names().items()
    yield from _shapes().items()
    yield from _damaged().items()
    yield from _no_pictures().items()


def plain(colour: Colour = RED, at: tuple[float, float] = MIDDLE, tolerance: int = 6) -> Expectation:
    return Expectation(((at, colour),), tolerance=tolerance)


def skipped(reason: str) -> Expectation:
    return Expectation(reason=reason)


def solid(mode: str = "RGB", colour: object = RED, size: tuple[int, int] = (SIDE, SIDE)) -> Image.Image:
    return Image.new(mode, size, colour)  # type: ignore[arg-type]


def encoded(picture: Image.Image, file_format: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, file_format, **options)
    return buffer.getvalue()


def _modes() -> dict[str, Made]:
    hidden_black = solid("RGBA", (0, 0, 0, 0))
    hidden_black.paste((*GREEN, 255), (12, 12, 36, 36))
    over_white = Expectation(((TOP_LEFT, WHITE), (MIDDLE, GREEN)))
    half = Expectation(((MIDDLE, (228, 142, 148)),))
    palette = solid("RGB", BLUE)
    palette.paste(GREEN, (12, 12, 36, 36))
    palette = palette.quantize(4)
    key = palette.getpixel((1, 1))
    assert isinstance(key, int)
    alphas = bytes(0 if index == key else 255 for index in range(4))
    inverted_cmyk = solid("CMYK", (0, 255, 255, 0))
    return {
        "rgb.png": (encoded(solid()), plain()),
        "rgba_hidden_black.png": (encoded(hidden_black), over_white),
        "rgba_half.png": (encoded(solid("RGBA", (*RED, 128))), half),
        "rgba_invisible.png": (encoded(solid("RGBA", (9, 9, 9, 0))), plain(WHITE)),
        "rgba.webp": (encoded(hidden_black, "WEBP", lossless=True), over_white),
        "rgba.tiff": (encoded(hidden_black, "TIFF"), over_white),
        "palette.png": (encoded(palette), Expectation(((TOP_LEFT, BLUE), (MIDDLE, GREEN)))),
        "palette_key.png": (encoded(palette, transparency=key), over_white),
        "palette_alphas.png": (encoded(palette, transparency=alphas), over_white),
        "palette.bmp": (encoded(palette, "BMP"), Expectation(((TOP_LEFT, BLUE), (MIDDLE, GREEN)))),
        "palette_key.gif": (encoded(palette, "GIF", transparency=key), over_white),
        "rgb_key.png": (encoded(solid(), transparency=RED), plain(WHITE)),
        "grey.png": (encoded(solid("L", 128)), plain(GREY)),
        "grey_key.png": (encoded(solid("L", 128), transparency=128), plain(WHITE)),
        "grey_alpha.png": (encoded(solid("LA", (0, 128))), plain((127, 127, 127))),
        "one_bit_white.png": (encoded(solid("1", 1)), plain(WHITE)),
        "one_bit_black.tif": (encoded(solid("1", 0), "TIFF", compression="group4"), plain(BLACK)),
        "cmyk.jpg": (encoded(inverted_cmyk, "JPEG", quality=95), plain((255, 0, 0))),
        "cmyk.tif": (encoded(inverted_cmyk, "TIFF"), plain((255, 0, 0))),
        "ycbcr.tif": (encoded(solid().convert("YCbCr"), "TIFF"), plain()),
        "grey.jpg": (encoded(solid("L", 128), "JPEG"), plain(GREY)),
        "progressive.jpg": (encoded(solid(), "JPEG", quality=95, progressive=True), plain()),
        "lossy.webp": (encoded(solid(), "WEBP", quality=95), plain(tolerance=12)),
        "lab.tif": (encoded(_lab(), "TIFF"), plain(tolerance=12)),
        **_deep(),
        **({"picture.avif": (encoded(solid(), "AVIF", quality=95), plain(tolerance=12))} if _has_avif() else {}),
    }


def _deep() -> dict[str, Made]:
    """More than 8 bits a pixel."""
    sixteen = np.full((SIDE, SIDE), 128 * 257, np.uint16)
    dark = np.full((SIDE, SIDE), 10 * 257, np.uint16)
    ramp = np.linspace(0, 1, SIDE, dtype=np.float32)[None].repeat(SIDE, 0)
    return {
        "grey16.png": (encoded(Image.fromarray(sixteen)), plain(GREY)),
        "grey16_dark.png": (encoded(Image.fromarray(dark)), plain((10, 10, 10))),
        "grey16.tif": (encoded(Image.fromarray(sixteen), "TIFF"), plain(GREY)),
        "grey16_big_endian.tif": (big_endian_tiff(sixteen), plain(GREY)),
        "grey32.tif": (encoded(Image.fromarray(sixteen.astype(np.int32)), "TIFF"), plain(GREY)),
        "float_unit.tif": (encoded(Image.fromarray(ramp), "TIFF"), Expectation((((0.95, 0.5), (242, 242, 242)),))),
        "float_bytes.tif": (
            encoded(Image.fromarray(ramp * 200), "TIFF"),
            Expectation((((0.95, 0.5), (190, 190, 190)),)),
        ),
        "float_nan.tif": (encoded(Image.fromarray(np.full_like(ramp, np.nan)), "TIFF"), plain(BLACK)),
        "rgb16.png": (rgb16_png((200 * 257, 30 * 257, 40 * 257)), plain()),
    }


def _orientations() -> dict[str, Made]:
    """All eight of EXIF. Upright, the picture has a red, a green, a blue and a white quarter."""
    upright = solid()
    for place, colour in (((24, 0, 48, 24), GREEN), ((0, 24, 24, 48), BLUE), ((24, 24, 48, 48), WHITE)):
        upright.paste(colour, place)
    quarters = Expectation(
        ((TOP_LEFT, RED), ((0.85, 0.15), GREEN), ((0.15, 0.85), BLUE), ((0.85, 0.85), WHITE)), tolerance=14
    )
    turn = Image.Transpose
    stored = {
        1: None, 2: turn.FLIP_LEFT_RIGHT, 3: turn.ROTATE_180, 4: turn.FLIP_TOP_BOTTOM,
        5: turn.TRANSPOSE, 6: turn.ROTATE_90, 7: turn.TRANSVERSE, 8: turn.ROTATE_270,
    }  # fmt: skip
    made = {}
    for orientation, undo in stored.items():
        exif = Image.Exif()
        exif[0x0112] = orientation
        picture = upright if undo is None else upright.transpose(undo)
        made[f"exif_{orientation}.jpg"] = (encoded(picture, "JPEG", quality=95, exif=exif), quarters)
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = upright.transpose(turn.ROTATE_90)
    made["exif_6.png"] = (encoded(turned, exif=exif), quarters)
    made["exif_6.webp"] = (encoded(turned, "WEBP", lossless=True, exif=exif), quarters)
    made["exif_broken.jpg"] = (encoded(solid(), "JPEG", quality=95, exif=b"Exif\0\0II*\0\xff\xff\xff\xff"), plain())
    made["exif_nonsense.jpg"] = (_with_orientation(99), plain())
    return made


def _animations() -> dict[str, Made]:
    frames = [solid(colour=GREEN), solid(colour=BLUE)]
    several = {"save_all": True, "append_images": [solid()], "duration": 50}
    return {
        "animated.gif": (encoded(solid(), "GIF", save_all=True, append_images=frames, duration=50), plain()),
        "animated.webp": (encoded(frames[0], "WEBP", lossless=True, **several), plain(GREEN)),
        "animated.png": (encoded(frames[1], "PNG", **several), plain(BLUE)),
        "pages.tif": (encoded(frames[0], "TIFF", save_all=True, append_images=[solid()]), plain(GREEN)),
    }


def _names() -> dict[str, Made]:
    picture = (encoded(solid()), plain())
    return {
        "ümläut ßtraße.png": picture,
        "with  two spaces .png": picture,
        "emoji 🦊🌈.png": picture,
        "日本語.png": picture,
        "UPPER.PNG": picture,
        "Mixed.JpEg": (encoded(solid(), "JPEG", quality=95), plain()),
        "really_a_png.jpg": picture,
        "really_a_jpeg.png": (encoded(solid(), "JPEG", quality=95), plain()),
        "no_ending": picture,
        "two.dots.in.name.png": picture,
        "a'quote\"and#hash%41.png": picture,
        "-dash.png": picture,
        "line\nbreak.png": picture,
        "n" * 200 + ".png": picture,
        "picture.txt": picture,
        os.fsdecode(b"not_utf8_\xff\xfe.png"): picture,
    }


def _shapes() -> dict[str, Made]:
    return {
        "one_pixel.png": (encoded(solid(size=(1, 1))), plain()),
        "one_row.png": (encoded(solid(size=(900, 1))), plain()),
        "one_column.png": (encoded(solid(size=(1, 900))), plain()),
        "large.jpg": (encoded(solid(size=(3000, 2000)), "JPEG"), plain(tolerance=12)),
        "very_long.png": (encoded(solid(size=(20000, 3))), plain()),
        "huge_but_honest.png": (encoded(solid("1", 1, (9000, 9000))), plain(WHITE)),
    }


def _damaged() -> dict[str, Made]:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8))
    png, jpeg = encoded(noise), encoded(noise, "JPEG")
    flipped = bytearray(png)
    flipped[200] ^= 0xFF
    return {
        "empty.png": (b"", skipped("zero bytes")),
        "empty.jpg": (b"", skipped("zero bytes")),
        "cut.png": (png[: len(png) // 2], skipped("cut off")),
        "cut.jpg": (jpeg[: len(jpeg) // 2], skipped("cut off")),
        "cut.webp": (encoded(noise, "WEBP")[:400], skipped("")),
        "cut.bmp": (encoded(noise, "BMP")[:2000], skipped("cut off")),
        "cut.gif": (encoded(noise, "GIF")[:900], skipped("cut off")),
        "cut.tif": (encoded(noise, "TIFF")[:300], skipped("")),
        "header_only.png": (png[:33], skipped("")),
        "signature_only.png": (png[:8], skipped("damaged")),
        "bit_flip.png": (bytes(flipped), skipped("damaged")),
        "zeros.jpg": (bytes(4096), skipped("damaged")),
        "text.png": (b"this is no picture", skipped("damaged")),
        "bomb.png": (png_claiming(60000, 60000), skipped("more pixels")),
        "bomb_terabyte.png": (png_claiming(2**31 - 1, 2**31 - 1), skipped("more pixels")),
        "bomb_real.png": (encoded(solid("1", 1, (12000, 12000))), skipped("more pixels")),
        "bomb.gif": (b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0, 0, 0), skipped("")),
        "bomb_text.png": (_png_with_text_bomb(), skipped("damaged")),
        "no_size.png": (png_claiming(0, 0), skipped("")),
    }


def _no_pictures() -> dict[str, Made]:
    return {
        "notes.txt": (b"hello", skipped("not a picture")),
        "table.csv": (b"a,b\n1,2\n", skipped("not a picture")),
        "film.mp4": (b"\0\0\0\x18ftypmp42" + bytes(100), skipped("not a picture")),
        "drawing.svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", skipped("not a picture")),
        "weights.pickle": (b"\x80\x04cos\nsystem\n(S'false'\ntR.", skipped("not a picture")),
        ".hidden.png": (encoded(solid()), skipped("hidden")),
        "._rgb.png": (b"\0\5\x16\7" + bytes(100), skipped("hidden")),
        ".DS_Store": (b"\0\0\0\1Bud1", skipped("hidden")),
        "Thumbs.db": (b"\xd0\xcf\x11\xe0", skipped("hidden")),
        "desktop.ini": (b"[.ShellClassInfo]", skipped("hidden")),
    }


def _special_files(folder: Path) -> dict[str, Expectation]:
    """Links, pipes: what a file system can hold beside files."""
    outside = folder.parent / f"{folder.name}_outside.png"
    outside.write_bytes(encoded(solid()))
    makers: dict[str, tuple[Callable[[Path], object], Expectation]] = {
        "link_to_outside.png": (lambda path: path.symlink_to(outside), plain()),
        "link_to_nothing.png": (lambda path: path.symlink_to(folder / "nowhere.png"), skipped("broken link")),
        "link_to_itself.png": (lambda path: path.symlink_to(path), skipped("broken link")),
        "circle": (lambda path: path.symlink_to(folder, target_is_directory=True), skipped("read already")),
        "pipe.png": (lambda path: os.mkfifo(path), skipped("not a regular file")),
    }
    expected = {}
    for name, (make, expectation) in makers.items():
        with suppress(OSError, NotImplementedError, AttributeError):  # Windows has few of them
            make(folder / name)
            expected[name] = expectation
    return expected


def png_claiming(width: int, height: int) -> bytes:
    """A PNG whose header asks for that many pixels, and that holds next to none."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(bytes(64))) + _chunk(b"IEND")


def rgb16_png(colour: Colour) -> bytes:
    """16 bits for each of three channels, which Pillow reads but cannot write."""
    rows = (b"\0" + struct.pack(">HHH", *colour) * SIDE) * SIDE
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 16, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND")


def big_endian_tiff(values: np.ndarray) -> bytes:
    """Uncompressed grey of 16 bits in Motorola byte order, uint16 `[H, W]`."""
    height, width = values.shape
    pixels = values.astype(">u2").tobytes()
    tags = ((256, 4, width), (257, 4, height), (258, 3, 16), (259, 3, 1), (262, 3, 1), (273, 4, 8), (277, 3, 1),
            (278, 4, height), (279, 4, len(pixels)))  # fmt: skip
    directory = struct.pack(">H", len(tags))
    for tag, kind, value in tags:
        directory += struct.pack(">HHI", tag, kind, 1) + (
            struct.pack(">I", value) if kind == 4 else struct.pack(">HH", value, 0)
        )
    return b"MM\0*" + struct.pack(">I", 8 + len(pixels)) + pixels + directory + struct.pack(">I", 0)


def _chunk(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _png_with_text_bomb() -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_text("comment", "a" * 200_000_000, zip=True)
    return encoded(solid(), pnginfo=text)


def _with_orientation(value: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = value
    return encoded(solid(), "JPEG", quality=95, exif=exif)


def _lab() -> Image.Image:
    to_lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
    converted = ImageCms.applyTransform(solid(), to_lab)
    assert converted is not None
    return converted


def _has_avif() -> bool:
    Image.init()
    return "AVIF" in Image.SAVE
