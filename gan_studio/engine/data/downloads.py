"""Public data sets that the program can fetch, each made into one zip with a folder for each class. Imports no torch.

Addresses and checksums are those that torchvision uses; a test compares them.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gan_studio.engine.data import download_formats as formats
from gan_studio.engine.data.download_fetch import RemoteFile, fetch
from gan_studio.engine.errors import DatasetError
from gan_studio.engine.folders import datasets_folder, downloads_folder
from gan_studio.engine.progress import IsCancelled, Progress, check

_DIGITS = tuple("0123456789")
_LETTERS = tuple("abcdefghijklmnopqrstuvwxyz")
_MERGED = (*_DIGITS, *"ABCDEFGHIJKLMNOPQRSTUVWXYZ", *(f"{letter} small" for letter in "abdefghnqrt"))
_WEAR = ("T-shirt or top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")
_KANA = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")
_THINGS = {
    "n01440764": "tench",
    "n02102040": "English springer",
    "n02979186": "cassette player",
    "n03000684": "chain saw",
    "n03028079": "church",
    "n03394916": "French horn",
    "n03417042": "garbage truck",
    "n03425413": "gas pump",
    "n03445777": "golf ball",
    "n03888257": "parachute",
}
_RESEARCH = "No licence is stated; meant for research"


@dataclass(frozen=True)
class PublicSet:
    """A data set that anybody may fetch without an account."""

    title: str
    sentence: str
    pictures: int
    size: str
    """ "28 × 28, grey"."""
    classes: int
    licence: str
    files: tuple[RemoteFile, ...]
    unpack: formats.Unpack

    @property
    def download_bytes(self) -> int:
        return sum(file.size_bytes for file in self.files)


def set_path(name: str) -> Path:
    """Where the zip of a set lies once it was fetched. Raises DatasetError for a name that is not known."""
    return datasets_folder() / f"{_known(name).title}.zip"


def get_set(name: str, progress: Progress | None = None, cancelled: IsCancelled | None = None) -> Path:
    """Fetch a set and make a zip of it; at once where that was done before. Returns the zip.

    `progress` counts bytes first, then pictures. What was downloaded is deleted when the zip is whole; called off,
    nothing is left behind. Raises DatasetError, Cancelled.
    """
    wanted, path = _known(name), set_path(name)
    if path.is_file():
        return path
    fetched = _fetch_all(wanted, progress, cancelled)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_zip(wanted, fetched, temporary, progress, cancelled)
        temporary.replace(path)
    except OSError as error:
        raise DatasetError(
            f"{wanted.title} cannot be unpacked into {path.parent}: {error.strerror or error}.",
            "Make room on the disk and get it again; what was downloaded is kept.",
        ) from error
    except (ValueError, KeyError, EOFError, StopIteration, zipfile.BadZipFile) as error:
        raise DatasetError(f"{wanted.title} is not laid out as it should be: {error}.", "Please report it.") from error
    finally:
        temporary.unlink(missing_ok=True)
    for file in fetched:
        file.unlink(missing_ok=True)
    return path


def _fetch_all(wanted: PublicSet, progress: Progress | None, cancelled: IsCancelled | None) -> list[Path]:
    """Progress is that of all files together."""
    fetched, before, total = [], 0, wanted.download_bytes
    for file in wanted.files:

        def report(done: int, _: int, before: int = before) -> None:
            if progress is not None:
                progress(min(before + done, total), total)

        fetched.append(fetch(file, downloads_folder(), report, cancelled))
        before += file.size_bytes
    return fetched


def _write_zip(
    wanted: PublicSet, fetched: list[Path], target: Path, progress: Progress | None, cancelled: IsCancelled | None
) -> None:
    # Pictures are packed already; packing them once more would cost time and save nothing.
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for number, (name, content) in enumerate(wanted.unpack(fetched), start=1):
            check(cancelled)
            archive.writestr(name, content)
            if progress is not None:
                progress(min(number, wanted.pictures), wanted.pictures)


def _known(name: str) -> PublicSet:
    if name not in SETS:
        raise DatasetError(f"There is no data set called {name}.", f"There are: {', '.join(SETS)}.")
    return SETS[name]


def _mnist_files(base: str, sizes: tuple[int, ...], sums: tuple[str, ...]) -> tuple[RemoteFile, ...]:
    names = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
    return tuple(
        RemoteFile(f"{base}{name}-ubyte.gz", md5, size) for name, md5, size in zip(names, sums, sizes, strict=True)
    )


_EMNIST = (
    RemoteFile("https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip", "58c8d27c78d21e728a6bc7b3cc06412e", 561_753_746),
)
_OXFORD = "https://www.robots.ox.ac.uk/~vgg/data/"
_LIBSVM = "https://www.csie.ntu.edu.tw/~cjlin/libsvmtools/datasets/multiclass/"

SETS: Mapping[str, PublicSet] = {
    "mnist": PublicSet(
        "MNIST", "Handwritten digits: the classic first data set of GANs.", 70_000, "28 × 28, grey", 10,
        "CC BY-SA 3.0",
        _mnist_files(
            "https://ossci-datasets.s3.amazonaws.com/mnist/", (9_912_422, 28_881, 1_648_877, 4_542),
            ("f68b3c2dcbeaaa9fbdd348bbdeb94873", "d53e105ee54ea40749a09fcbcd1e9432",
             "9fb629c4189551a2d022fa330f9573f3", "ec29112dd5afa0611ce80d1b7f02629c"),
        ),
        formats.mnist_like(_DIGITS),
    ),
    "fashion-mnist": PublicSet(
        "Fashion-MNIST", "Clothes, shoes and bags from a shop: as small as MNIST, and harder.", 70_000,
        "28 × 28, grey", 10, "MIT",
        _mnist_files(
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/", (26_421_880, 29_515, 4_422_102, 5_148),
            ("8d4fb7e6c68d591d4c3dfef9ec88bf0d", "25c81989df183df01b3e8a0aad5dffbe",
             "bef4ecab320f06d8554ea6380940ec79", "bb300cfdad3c16e7a12a480ee83cd310"),
        ),
        formats.mnist_like(_WEAR),
    ),
    "kmnist": PublicSet(
        "KMNIST", "Cursive Japanese characters from old books.", 70_000, "28 × 28, grey", 10, "CC BY-SA 4.0",
        _mnist_files(
            "http://codh.rois.ac.jp/kmnist/dataset/kmnist/", (18_165_135, 29_497, 3_041_136, 5_120),
            ("bdb82020997e1d708af4cf47b453dcf7", "e144d726b3acfaa3e44228e80efcd344",
             "5c965bf0a639b31b8f53240b1b52f4d7", "7320c461ea6c1c855c0b718fb2a4b134"),
        ),
        formats.mnist_like(_KANA),
    ),
    "emnist-letters": PublicSet(
        "EMNIST letters", "Handwritten letters, capitals and small ones together.", 145_600, "28 × 28, grey", 26,
        "Public domain (NIST)", _EMNIST, formats.emnist("letters", _LETTERS, 1),
    ),
    "emnist-balanced": PublicSet(
        "EMNIST balanced", "Handwritten digits and letters, the same number of each.", 131_600, "28 × 28, grey", 47,
        "Public domain (NIST)", _EMNIST, formats.emnist("balanced", _MERGED, 0),
    ),
    "usps": PublicSet(
        "USPS", "Digits from envelopes: tiny, and trained on within minutes.", 9_298, "16 × 16, grey", 10, _RESEARCH,
        (
            RemoteFile(f"{_LIBSVM}usps.bz2", "ec16c51db3855ca6c91edd34d0e9b197", 6_579_383),
            RemoteFile(f"{_LIBSVM}usps.t.bz2", "8ea070ee2aca1ac39742fdd1ef5ed118", 1_831_726),
        ),
        formats.usps,
    ),
    "cifar-10": PublicSet(
        "CIFAR-10", "Animals and vehicles in colour: what papers on GANs compare themselves on.", 60_000,
        "32 × 32, colour", 10, _RESEARCH,
        (RemoteFile("https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
                    "c58f30108f718f92721af3b95e74349a", 170_498_071),),
        formats.cifar(b"labels", b"label_names"),
    ),
    "cifar-100": PublicSet(
        "CIFAR-100", "A hundred kinds of things, six hundred pictures of each.", 60_000, "32 × 32, colour", 100,
        _RESEARCH,
        (RemoteFile("https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz",
                    "eb9058c3a382ffc7106e4002c42a8d85", 169_001_437),),
        formats.cifar(b"fine_labels", b"fine_label_names"),
    ),
    "svhn": PublicSet(
        "SVHN", "House numbers from street views, cut out digit by digit.", 99_289, "32 × 32, colour", 10,
        "For non-commercial use",
        (
            RemoteFile("http://ufldl.stanford.edu/housenumbers/train_32x32.mat",
                       "e26dedcc434d2e4c54c9b2d4a06d8373", 182_040_794),
            RemoteFile("http://ufldl.stanford.edu/housenumbers/test_32x32.mat",
                       "eb5a983be6a315427106f1b164d9cef3", 64_275_384),
        ),
        formats.svhn,
    ),
    "eurosat": PublicSet(
        "EuroSAT", "Land seen by a satellite: fields, rivers, towns.", 27_000, "64 × 64, colour", 10, "MIT",
        (RemoteFile("https://huggingface.co/datasets/torchgeo/eurosat/resolve/"
                    "c877bcd43f099cd0196738f714544e355477f3fd/EuroSAT.zip",
                    "c8fa014336c82ac7804f0398fcb19387", 94_280_567),),
        formats.folders(),
    ),
    "imagenette": PublicSet(
        "Imagenette", "Ten easy kinds of things from ImageNet, as photographs.", 13_394, "160 px, colour", 10,
        "Pictures from ImageNet: for research",
        (RemoteFile("https://s3.amazonaws.com/fast-ai-imageclas/imagenette2-160.tgz",
                    "e793b78cc4c9e9a4ccc0c1155377a412", 99_003_388),),
        formats.folders(_THINGS),
    ),
    "flowers-102": PublicSet(
        "Flowers-102", "Flowers in gardens, up close: beautiful at 64 px and more.", 8_189, "500 px and more, colour",
        102, _RESEARCH,
        (
            RemoteFile(f"{_OXFORD}flowers/102/102flowers.tgz", "52808999861908f626f3c1f4e79d11fa", 344_862_509),
            RemoteFile(f"{_OXFORD}flowers/102/imagelabels.mat", "e0620be6f572b9609742df49c70aed4d", 502),
        ),
        formats.flowers,
    ),
    "pets": PublicSet(
        "Oxford-IIIT Pet", "Cats and dogs of 37 breeds.", 7_390, "about 400 px, colour", 37, "CC BY-SA 4.0",
        (RemoteFile(f"{_OXFORD}pets/data/images.tar.gz", "5c4f3ee8e5d25df40f4fd59a7f44e54c", 791_918_971),),
        formats.pets,
    ),
    "textures": PublicSet(
        "Describable Textures", "Dotted, woven, marbled …: patterns of all sorts.", 5_640, "300 to 640 px, colour", 47,
        "For research",
        (RemoteFile(f"{_OXFORD}dtd/download/dtd-r1.0.1.tar.gz", "fff73e5086ae6bdbea199a49dfb8a4c1", 625_239_812),),
        formats.folders(),
    ),
    "stl-10": PublicSet(
        "STL-10", "Animals and vehicles, larger than CIFAR's; those that have labels.", 13_000, "96 × 96, colour", 10,
        "Pictures from ImageNet: for research",
        (RemoteFile("http://ai.stanford.edu/~acoates/stl10/stl10_binary.tar.gz",
                    "91f7769df0f17e558f3565bffb0c7dfb", 2_640_397_119),),
        formats.stl,
    ),
}  # fmt: skip
"""By the name that the command line knows."""
