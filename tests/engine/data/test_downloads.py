"""Public data sets, fetched from a server of the test's own: whole, broken, refused, called off, unpacked."""

import bz2
import errno
import gzip
import hashlib
import io
import pickle
import shutil
import struct
import tarfile
import threading
import zipfile
import zlib
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from PIL import Image

from gan_studio.cli import main
from gan_studio.engine.data import download_formats as formats
from gan_studio.engine.data import downloads
from gan_studio.engine.data.download_fetch import RemoteFile, fetch
from gan_studio.engine.data.downloads import SETS, get_set
from gan_studio.engine.data.scan import scan
from gan_studio.engine.errors import Cancelled, DatasetError
from gan_studio.engine.folders import datasets_folder, downloads_folder


class Server:
    """Serves `files`; `breaks` says after how many bytes a file's connection breaks the first time."""

    def __init__(self):
        self.files: dict[str, bytes] = {}
        self.breaks: dict[str, int] = {}
        self.asked: list[tuple[str, str]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                server.answer(self)

            def log_message(self, *args):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/"

    def answer(self, request):
        name, range_ = request.path.lstrip("/"), request.headers.get("Range", "")
        self.asked.append((name, range_))
        content = self.files.get(name)
        if content is None:
            request.send_error(404)
            return
        start = int(range_[6:-1]) if range_ else 0
        request.send_response(206 if start else 200)
        request.send_header("Content-Length", str(len(content) - start))
        request.end_headers()
        end = self.breaks.pop(name, len(content))
        request.wfile.write(content[start:end])

    def file(self, name: str, content: bytes) -> RemoteFile:
        self.files[name] = content
        return RemoteFile(self.url + name, hashlib.md5(content).hexdigest(), len(content))

    def close(self):
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


@pytest.fixture
def server():
    made = Server()
    yield made
    made.close()


def idx_gz(array: np.ndarray) -> bytes:
    head = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return gzip.compress(head + array.astype(np.uint8).tobytes())


def tiny_mnist(server, monkeypatch, count=20):
    """MNIST with `count` pictures for training and five for testing, known as `mnist`."""
    random = np.random.default_rng(0)
    names = ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images.gz", "t10k-labels.gz")
    arrays = []
    for number in (count, 5):
        arrays += [random.integers(0, 255, (number, 28, 28)), np.arange(number) % 10]
    files = tuple(server.file(name, idx_gz(array)) for name, array in zip(names, arrays, strict=True))
    made = replace(SETS["mnist"], files=files, pictures=count + 5)
    monkeypatch.setattr(downloads, "SETS", {"mnist": made})
    return made, arrays


def left_over():
    places = (downloads_folder(), datasets_folder())
    return [path.name for place in places if place.exists() for path in place.iterdir()]


def test_a_set_is_fetched_checked_and_ready_to_train_on(server, monkeypatch):
    _, arrays = tiny_mnist(server, monkeypatch)
    seen = []
    path = get_set("mnist", progress=lambda *done: seen.append(done))
    report = scan(path)
    assert (path.name, len(report.files), len(report.classes)) == ("MNIST.zip", 25, 10)
    assert report.is_grey and report.sizes == {(28, 28): 25} and not report.skipped
    with zipfile.ZipFile(path) as archive:
        picture = np.array(Image.open(io.BytesIO(archive.read("3/train-000003.png"))))
    assert np.array_equal(picture, arrays[0][3])
    assert seen[-1] == (25, 25) and max(total for _, total in seen) == sum(len(one) for one in server.files.values())
    assert left_over() == ["MNIST.zip"]


def test_what_is_there_already_is_not_fetched_again(server, monkeypatch):
    tiny_mnist(server, monkeypatch)
    path = get_set("mnist")
    asked = len(server.asked)
    assert get_set("mnist") == path and len(server.asked) == asked == 4


def test_a_file_that_was_downloaded_by_hand_is_taken(server, monkeypatch):
    made, _ = tiny_mnist(server, monkeypatch)
    downloads_folder().mkdir(parents=True)
    for file in made.files:
        (downloads_folder() / file.name).write_bytes(server.files[file.name])
    get_set("mnist")
    assert server.asked == []


def test_a_broken_connection_is_taken_up_where_it_broke(server, tmp_path):
    content = bytes(range(256)) * 2000
    file = server.file("big.bin", content)
    server.breaks["big.bin"] = 200_000
    assert fetch(file, tmp_path).read_bytes() == content
    assert [range_ for _, range_ in server.asked] == ["", "bytes=200000-"]
    assert [path.name for path in tmp_path.iterdir()] == ["big.bin"]


def test_calling_it_off_in_the_middle_stops_at_once_and_leaves_nothing(server, monkeypatch):
    made, _ = tiny_mnist(server, monkeypatch, 2000)
    done = []
    with pytest.raises(Cancelled):
        get_set("mnist", progress=lambda *one: done.append(one), cancelled=lambda: len(done) >= 3)
    assert len(done) == 3 and done[-1][0] < made.download_bytes and left_over() == []


def test_calling_it_off_while_it_is_unpacked_leaves_no_half_of_a_set(server, monkeypatch):
    tiny_mnist(server, monkeypatch)
    with pytest.raises(Cancelled):
        get_set("mnist", cancelled=lambda: datasets_folder().exists() and any(datasets_folder().iterdir()))
    assert list(datasets_folder().iterdir()) == []


def test_a_wrong_checksum_is_said_and_the_file_thrown_away(server, monkeypatch):
    tiny_mnist(server, monkeypatch)
    server.files["train-images-idx3-ubyte.gz"] = b"something else"
    with pytest.raises(DatasetError, match="checksum") as caught:
        get_set("mnist")
    assert "by hand" in caught.value.advice and left_over() == []


def test_a_file_that_is_not_there_any_more_is_said(server, monkeypatch):
    tiny_mnist(server, monkeypatch)
    del server.files["train-labels-idx1-ubyte.gz"]
    with pytest.raises(DatasetError, match=r"train-labels.* is not there any more on 127"):
        get_set("mnist")


def test_a_server_that_is_gone_is_said_with_what_to_do(server, monkeypatch):
    tiny_mnist(server, monkeypatch)
    server.close()
    with pytest.raises(DatasetError, match=r"Cannot reach 127\.0\.0\.1") as caught:
        get_set("mnist")
    assert str(downloads_folder()) in caught.value.advice and server.url in caught.value.advice


def test_a_full_disk_is_said_before_anything_is_fetched(server, monkeypatch):
    tiny_mnist(server, monkeypatch)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 10, 0))
    with pytest.raises(DatasetError, match="disk is full"):
        get_set("mnist")
    assert server.asked == []


def test_a_disk_that_fills_up_keeps_what_was_downloaded(server, monkeypatch):
    made, _ = tiny_mnist(server, monkeypatch)

    def full(files):
        raise OSError(errno.ENOSPC, "No space left on device")
        yield

    monkeypatch.setattr(downloads, "SETS", {"mnist": replace(made, unpack=full)})
    with pytest.raises(DatasetError, match="No space left"):
        get_set("mnist")
    assert len(list(downloads_folder().iterdir())) == 4 and list(datasets_folder().iterdir()) == []


# --- what lies in the files ---


def tar_gz(path, members):
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def pixels_of(content):
    return np.array(Image.open(io.BytesIO(content)))


def test_cifar_comes_out_upright_with_its_names(tmp_path):
    data = np.random.default_rng(0).integers(0, 255, (3, 3072), np.uint8)
    members = {
        "c/batches.meta": pickle.dumps({b"label_names": [b"cat", b"dog"]}, 2),
        "c/data_batch_1": pickle.dumps({b"data": data, b"labels": [1, 0, 1]}, 2),
        "c/readme.html": b"",
    }
    found = dict(formats.cifar(b"labels", b"label_names")([tar_gz(tmp_path / "c.tar.gz", members)]))
    assert list(found) == ["dog/data_batch_1-000000.png", "cat/data_batch_1-000001.png", "dog/data_batch_1-000002.png"]
    expected = data[0].reshape(3, 32, 32).transpose(1, 2, 0)
    assert np.array_equal(pixels_of(found["dog/data_batch_1-000000.png"]), expected)


def test_a_pickle_that_would_run_code_is_refused(tmp_path):
    class Evil:
        def __reduce__(self):
            return (print, ("run",))

    path = tar_gz(tmp_path / "c.tar.gz", {"c/meta": pickle.dumps(Evil())})
    with pytest.raises(pickle.UnpicklingError, match="no place"):
        list(formats.cifar(b"labels", b"label_names")([path]))


def test_emnist_is_turned_upright(tmp_path):
    upright = np.arange(784).reshape(1, 28, 28) % 255
    with zipfile.ZipFile(tmp_path / "gzip.zip", "w") as archive:
        for part in ("train", "test"):
            archive.writestr(f"gzip/emnist-letters-{part}-images-idx3-ubyte.gz", idx_gz(upright.transpose(0, 2, 1)))
            archive.writestr(f"gzip/emnist-letters-{part}-labels-idx1-ubyte.gz", idx_gz(np.array([2])))
    found = dict(formats.emnist("letters", "abc", 1)([tmp_path / "gzip.zip"]))
    assert np.array_equal(pixels_of(found["b/train-000000.png"]), upright[0])


def mat_file(**arrays):
    """A MATLAB 5 file with compressed arrays."""

    def element(kind, content):
        return struct.pack("<II", kind, len(content)) + content + bytes(-len(content) % 8)

    content = bytes(128)
    for name, values in arrays.items():
        flags = element(6, struct.pack("<II", 9, 0))
        shape = element(5, struct.pack(f"<{values.ndim}i", *values.shape))
        label = struct.pack("<HH", 1, len(name)) + name.encode().ljust(4, b"\0")
        label = label if len(name) <= 4 else element(1, name.encode())
        matrix = flags + shape + label + element(2, values.astype(np.uint8).tobytes(order="F"))
        packed = zlib.compress(struct.pack("<II", 14, len(matrix)) + matrix)
        content += struct.pack("<II", 15, len(packed)) + packed
    return content


def test_svhn_and_flowers_read_matlabs_files(tmp_path):
    pictures = np.random.default_rng(0).integers(0, 255, (32, 32, 3, 2), np.uint8)
    (tmp_path / "train_32x32.mat").write_bytes(mat_file(X=pictures, y=np.array([[10], [3]])))
    found = dict(formats.svhn([tmp_path / "train_32x32.mat"]))
    assert list(found) == ["0/train-000000.png", "3/train-000001.png"]
    assert np.array_equal(pixels_of(found["3/train-000001.png"]), pictures[..., 1])
    (tmp_path / "labels.mat").write_bytes(mat_file(labels=np.array([[7, 9]])))
    flowers = tar_gz(tmp_path / "f.tgz", {"jpg/image_00002.jpg": b"x", "jpg/image_00001.jpg": b"y"})
    assert list(formats.flowers([flowers, tmp_path / "labels.mat"])) == [
        ("flower 009/image_00002.jpg", b"x"),
        ("flower 007/image_00001.jpg", b"y"),
    ]


def test_archives_of_pictures_become_class_folders(tmp_path):
    pets = tar_gz(
        tmp_path / "p.tar.gz", {"images/Maine_Coon_12.jpg": b"x", "images/._Maine_Coon_12.jpg": b"", "a.txt": b""}
    )
    assert list(formats.pets([pets])) == [("Maine Coon/Maine_Coon_12.jpg", b"x")]
    things = tar_gz(tmp_path / "t.tgz", {"i/train/n03028079/a.JPEG": b"1", "i/val/n03028079/b.JPEG": b"2"})
    assert [name for name, _ in formats.folders({"n03028079": "church"})([things])] == [
        "church/a.JPEG",
        "church/b.JPEG",
    ]


def test_usps_and_stl_come_out_as_they_are(tmp_path):
    line = "3 " + " ".join(f"{number + 1}:{1 if number < 16 else -1}" for number in range(256))
    (tmp_path / "usps.bz2").write_bytes(bz2.compress(line.encode()))
    ((name, content),) = formats.usps([tmp_path / "usps.bz2"])
    assert name == "2/train-000000.png" and pixels_of(content)[:2, 0].tolist() == [255, 0]
    picture = np.random.default_rng(0).integers(0, 255, (96, 96, 3), np.uint8)
    stored = picture.transpose(2, 1, 0).tobytes()
    members = {"s/class_names.txt": b"airplane\nbird\n"}
    for part in ("train", "test"):
        members |= {f"s/{part}_X.bin": stored, f"s/{part}_y.bin": bytes([2])}
    found = dict(formats.stl([tar_gz(tmp_path / "stl.tar.gz", members)]))
    assert np.array_equal(pixels_of(found["bird/test-000000.png"]), picture)


def test_addresses_and_checksums_are_those_of_torchvision():
    from torchvision import datasets

    def given(name):
        return [(file.url, file.md5) for file in SETS[name].files]

    for name, cls in (("mnist", datasets.MNIST), ("fashion-mnist", datasets.FashionMNIST), ("kmnist", datasets.KMNIST)):
        assert given(name) == [(cls.mirrors[0] + file, md5) for file, md5 in cls.resources]
    for name, cls in (("cifar-10", datasets.CIFAR10), ("cifar-100", datasets.CIFAR100), ("stl-10", datasets.STL10)):
        assert given(name) == [(cls.url, cls.tgz_md5)]
    assert given("emnist-letters") == given("emnist-balanced") == [(datasets.EMNIST.url, datasets.EMNIST.md5)]
    assert given("svhn") == [
        (url, md5) for url, _, md5 in (datasets.SVHN.split_list[part] for part in ("train", "test"))
    ]
    assert given("usps") == [(url, md5) for url, _, md5 in datasets.USPS.split_list.values()]
    assert given("pets") == [datasets.OxfordIIITPet._RESOURCES[0]]
    assert given("textures") == [(datasets.DTD._URL, datasets.DTD._MD5)]
    flowers = datasets.Flowers102
    assert given("flowers-102") == [
        (flowers._download_url_prefix + file, md5)
        for file, md5 in (flowers._file_dict[key] for key in ("image", "label"))
    ]
    assert given("imagenette") == [datasets.Imagenette._ARCHIVES["160px"]]
    assert len(downloads._MERGED) == len(datasets.EMNIST.classes_split_dict["balanced"]) == 47


def test_the_command_line_lists_and_fetches(server, monkeypatch, capsys):
    assert main(["get"]) == 0
    assert "cifar-10" in capsys.readouterr().out
    assert main(["get", "nonsense"]) == 2
    tiny_mnist(server, monkeypatch)
    monkeypatch.setattr("gan_studio.cli.get.SETS", downloads.SETS, raising=False)
    assert main(["get", "mnist"]) == 0
    assert capsys.readouterr().out.strip() == str(datasets_folder() / "MNIST.zip")
