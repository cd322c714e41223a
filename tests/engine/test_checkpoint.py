"""Files that are damaged, foreign, dangerous or from the future: each is refused with a message, and none runs code."""

import io
import json
import pickle
import struct
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors

from gan_studio.engine import checkpoint
from gan_studio.engine.checkpoint import (
    flat_tensors,
    generator_from_tensors,
    generator_sha256,
    load_generator,
    load_state,
    make_family,
    read_metadata,
    save_generator,
    save_state,
)
from gan_studio.engine.config import CONFIG_VERSION, PictureSpec, RunConfig
from gan_studio.engine.errors import CheckpointError
from gan_studio.engine.events import Failed
from gan_studio.engine.request import ResumeRequest
from gan_studio.engine.run import RunFolder
from tests.engine.courses import FAMILY, differences, new_run, train

CONFIG = RunConfig(family="dcgan", family_settings=FAMILY, picture=PictureSpec(size=16), program="0.9", name="small")


class Bomb:
    """A pickle that writes a file when it is loaded."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self):
        return Path.write_text, (self._path, "code ran")


@pytest.fixture
def tensors():
    torch.manual_seed(0)
    return flat_tensors({"G": make_family(CONFIG).build().networks["G"]})


@pytest.fixture
def generator(tmp_path, tensors):
    save_generator(tmp_path / "g.safetensors", CONFIG, 12, tensors)
    return tmp_path / "g.safetensors"


@pytest.fixture
def state(tmp_path):
    save_state(tmp_path / "s.pt", {"counters": {"step": 3}, "weights": torch.arange(5000.0), "names": ("a", "b")})
    return tmp_path / "s.pt"


def parts_of(path):
    """Header as a mapping, and the bytes behind it."""
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    return json.loads(data[8 : 8 + length]), data[8 + length :]


def write_parts(path, header, body, claim=None):
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", claim if claim is not None else len(text)) + text + body)


def with_config(path, **changes):
    """The same file with another config in its metadata."""
    header, body = parts_of(path)
    header["__metadata__"]["config"] = json.dumps({**json.loads(header["__metadata__"]["config"]), **changes})
    write_parts(path, header, body)


# --- what is whole ---


def test_a_generator_file_describes_itself(generator, tensors):
    loaded = load_generator(generator)
    assert (loaded.config, loaded.step) == (CONFIG, 12)
    assert loaded.sha256 == generator_sha256(tensors) == read_metadata(generator)[2]
    assert differences(flat_tensors(loaded.networks), tensors) == []
    assert not any(network.training for network in loaded.networks.values())
    assert not any(p.requires_grad for network in loaded.networks.values() for p in network.parameters())


def test_a_generator_file_is_plain_safetensors(generator, tensors):
    assert load_tensors(generator.read_bytes()).keys() == tensors.keys()


def test_the_hash_is_of_the_weights_and_of_nothing_else(tmp_path, tensors):
    one = save_generator(tmp_path / "a.safetensors", CONFIG, 1, tensors)
    other = save_generator(tmp_path / "b.safetensors", CONFIG.changed(name="other"), 2, dict(reversed(tensors.items())))
    tensors["G.2.weight"][0] += 1
    third = save_generator(tmp_path / "c.safetensors", CONFIG, 1, tensors)
    assert one == other != third


def test_a_snapshot_is_a_generator_like_any_other(tensors):
    loaded = generator_from_tensors(CONFIG, 4, tensors)
    assert (loaded.step, loaded.sha256) == (4, generator_sha256(tensors))


def test_a_state_comes_back_bit_for_bit(state):
    loaded = load_state(state)
    assert torch.equal(loaded["weights"], torch.arange(5000.0))
    assert loaded["counters"] == {"step": 3}


def test_a_state_that_cannot_be_written_says_what_the_disk_said(tmp_path, monkeypatch):
    class Refusing(io.BytesIO):
        def write(self, data):
            if self.tell() > 1000:
                raise OSError(28, "No space left on device")
            return super().write(data)

    @contextmanager
    def write(path):
        yield Refusing()

    monkeypatch.setattr(checkpoint, "atomic_write", write)
    with pytest.raises(OSError, match="No space left"):
        save_state(tmp_path / "s.pt", {"weights": torch.zeros(5000)})


def test_loading_takes_no_random_numbers(generator, state):
    before = torch.get_rng_state()
    load_generator(generator)
    load_state(state)
    assert torch.equal(before, torch.get_rng_state())


# --- what is damaged ---


@pytest.mark.parametrize("keep", [0.0, 0.001, 0.3, 0.9, 0.9999])
def test_truncated_files_are_refused(keep, generator, state):
    for path, load in ((generator, load_generator), (state, load_state)):
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * keep)])
        with pytest.raises(CheckpointError, match=path.name):
            load(path)


@pytest.mark.parametrize("where", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_flipped_bit_among_the_weights_is_noticed(where, generator, state):
    header_bytes = struct.unpack("<Q", generator.read_bytes()[:8])[0]
    for path, load, first in ((generator, load_generator, 8 + header_bytes), (state, load_state, 2000)):
        data = bytearray(path.read_bytes())
        last = len(data) if path is generator else 20_000
        data[int(first + where * (last - first))] ^= 4
        path.write_bytes(data)
        with pytest.raises(CheckpointError, match="damaged"):
            load(path)


@given(data=st.data())
def test_no_flipped_byte_anywhere_raises_anything_but_a_checkpoint_error(data, tmp_path_factory):
    path, load = data.draw(st.sampled_from(_whole_files(tmp_path_factory)))
    whole = bytearray(path.read_bytes())
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    broken = path.with_name("broken" + path.suffix)
    broken.write_bytes(whole)
    try:
        load(broken)
    except CheckpointError as error:
        assert "broken" in error.message


_FILES: list = []


def _whole_files(factory):
    if not _FILES:
        folder = factory.mktemp("whole")
        tiny = flat_tensors({"G": make_family(CONFIG).build().networks["G"]})
        save_generator(folder / "g.safetensors", CONFIG, 1, tiny)
        save_state(folder / "s.pt", {"weights": torch.arange(20.0), "random": (3, (1, 2), None)})
        _FILES.extend([(folder / "g.safetensors", load_generator), (folder / "s.pt", load_state)])
    return _FILES


@pytest.mark.parametrize("content", [b"", b"\0" * 7, b"\0" * 5000, b"no checkpoint at all" * 99, b"\xff" * 8 + b"{}"])
def test_what_is_no_checkpoint_is_refused(content, tmp_path):
    for name, load in (("x.safetensors", load_generator), ("x.pt", load_state)):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(CheckpointError, match=name) as refused:
            load(tmp_path / name)
        assert refused.value.advice


def test_files_that_are_missing_or_folders_are_refused(tmp_path):
    for path in (tmp_path / "missing", tmp_path):
        for load in (load_generator, load_state, read_metadata):
            with pytest.raises(CheckpointError):
                load(path)


# --- what is dangerous ---


def test_a_pickle_posing_as_a_state_does_not_run(tmp_path):
    mark, path = tmp_path / "mark", tmp_path / "evil.pt"
    path.write_bytes(pickle.dumps(Bomb(mark)))
    with pytest.raises(CheckpointError, match=r"evil\.pt"):
        load_state(path)
    torch.save({"version": 1, "bomb": Bomb(mark)}, path)
    with pytest.raises(CheckpointError, match=r"evil\.pt"):
        load_state(path)
    assert not mark.exists()


def test_a_pickle_posing_as_a_generator_does_not_run(tmp_path, generator):
    mark = tmp_path / "mark"
    (tmp_path / "evil.safetensors").write_bytes(pickle.dumps(Bomb(mark)))
    torch.save(Bomb(mark), tmp_path / "zip.safetensors")
    for name in ("evil.safetensors", "zip.safetensors"):
        with pytest.raises(CheckpointError, match=name):
            load_generator(tmp_path / name)
    assert not mark.exists()


def test_the_bomb_would_go_off(tmp_path):
    """Without this, the two tests above would show nothing."""
    pickle.loads(pickle.dumps(Bomb(tmp_path / "mark")))
    assert (tmp_path / "mark").exists()


def test_a_resume_from_a_pickle_fails_and_runs_nothing(tmp_path, pictures):
    train(new_run(pictures, tmp_path / "r", steps=1))
    torch.save({"version": 1, "counters": Bomb(tmp_path / "mark")}, RunFolder(tmp_path / "r").state_file(2))
    end = train(ResumeRequest(tmp_path / "r", {"steps": 5}))[-1]
    assert isinstance(end, Failed)
    assert "step-00000002.pt" in end.message
    assert not (tmp_path / "mark").exists()
    assert RunFolder(tmp_path / "r").state_file(1).exists()


# --- what lies ---


@pytest.mark.parametrize("claim", [2**40, 2**63, 2**64 - 1, 17 * 2**20])
def test_a_header_that_claims_a_terabyte_is_not_believed(claim, generator, monkeypatch):
    """By us: how much a library would read for it is not left to chance."""
    monkeypatch.setattr(checkpoint, "safe_open", lambda *a, **k: pytest.fail("the file was handed on"))
    header, body = parts_of(generator)
    write_parts(generator, header, body, claim)
    with pytest.raises(CheckpointError, match=r"g\.safetensors"):
        load_generator(generator)


def lie(header, key, **values):
    header[key] = {**header[key], **values}
    return header


@pytest.mark.parametrize(
    "values",
    [
        {"data_offsets": [0, 2**40]},
        {"data_offsets": [2**40, 2**40 + 4]},
        {"data_offsets": [8, 4]},
        {"shape": [2**20, 2**20]},
        {"shape": [4]},
        {"dtype": "F64"},
        {"dtype": "I32"},
        {"dtype": "nonsense"},
    ],
    ids=str,
)
def test_a_header_that_lies_about_a_tensor_is_not_believed(values, generator):
    header, body = parts_of(generator)
    write_parts(generator, lie(header, "G.1.weight", **values), body)
    with pytest.raises(CheckpointError, match=r"g\.safetensors"):
        load_generator(generator)


def test_weights_of_other_shapes_kinds_or_names_do_not_fit(tmp_path, tensors):
    wrong = [
        {**tensors, "G.2.weight": torch.zeros(5)},
        {**tensors, "G.2.weight": torch.zeros(8, dtype=torch.float64)},
        {**tensors, "G.extra": torch.zeros(1)},
        {key: tensor for key, tensor in tensors.items() if key != "G.2.bias"},
    ]
    for number, odd in enumerate(wrong):
        path = tmp_path / f"{number}.safetensors"
        save_generator(path, CONFIG, 1, odd)
        with pytest.raises(CheckpointError, match="do not fit"):
            load_generator(path)


def test_weights_that_are_not_those_that_were_written_are_noticed(generator):
    header, body = parts_of(generator)
    header["__metadata__"]["sha256"] = "0" * 64
    write_parts(generator, header, body)
    with pytest.raises(CheckpointError, match="damaged"):
        load_generator(generator)


@pytest.mark.parametrize(
    "settings",
    [{"features": 10**6}, {"latent_size": 10**9}, {"most_features": -1}, {"features": "many"}, {"no such": 1}],
    ids=str,
)
def test_absurd_settings_are_refused_before_anything_is_built(settings, generator, monkeypatch):
    monkeypatch.setattr(checkpoint, "fill_networks", lambda *arguments: pytest.fail("weights were filled in"))
    with_config(generator, family_settings={**FAMILY, **settings})
    with pytest.raises(CheckpointError, match=r"g\.safetensors"):
        load_generator(generator)


def test_settings_of_other_networks_are_refused_without_allocating_them(generator):
    with_config(generator, family_settings={**FAMILY, "features": 1024, "most_features": 4096, "latent_size": 4096})
    with pytest.raises(CheckpointError, match="do not fit"):
        load_generator(generator)


@pytest.mark.parametrize("size", [10**9, 0, -4, "large", 24])
def test_absurd_picture_sizes_are_refused(size, generator):
    with_config(generator, picture={"size": size, "channels": 3})
    with pytest.raises(CheckpointError, match=r"g\.safetensors"):
        load_generator(generator)


def test_an_unknown_family_is_named(generator):
    with_config(generator, family="dreamgan")
    with pytest.raises(CheckpointError, match="dreamgan"):
        load_generator(generator)


# --- what is from elsewhere ---


def test_a_config_from_the_future_says_which_version_wrote_it(generator):
    with_config(generator, version=CONFIG_VERSION + 1, program="7.3", unheard_of=True)
    with pytest.raises(CheckpointError, match=r"GAN Studio 7\.3"):
        load_generator(generator)


def test_a_state_from_the_future_says_so(tmp_path):
    torch.save({"version": 99}, tmp_path / "s.pt")
    with pytest.raises(CheckpointError, match="newer"):
        load_state(tmp_path / "s.pt")


def test_weights_of_another_program_are_not_taken_for_ours(tmp_path, tensors):
    (tmp_path / "other.safetensors").write_bytes(save_tensors(tensors, {"format": "pt"}))
    with pytest.raises(CheckpointError, match="not of a GAN Studio generator"):
        load_generator(tmp_path / "other.safetensors")


@pytest.mark.parametrize("content", [torch.zeros(3), [1, 2], {"weights": 1}, {"version": "new"}], ids=str)
def test_other_things_that_torch_saved_are_no_state(content, tmp_path):
    torch.save(content, tmp_path / "s.pt")
    with pytest.raises(CheckpointError, match="holds no training state"):
        load_state(tmp_path / "s.pt")


def test_a_zip_of_something_else_is_no_state(tmp_path):
    with zipfile.ZipFile(tmp_path / "s.pt", "w") as archive:
        archive.writestr("picture.png", b"not really")
    with pytest.raises(CheckpointError, match=r"s\.pt"):
        load_state(tmp_path / "s.pt")
