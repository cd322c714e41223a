"""Two safe file formats: generators that travel, and the full state from which a training continues exactly.

A generator file is one `.safetensors` with its config in the metadata: self-describing, no code inside. The training
state is a `.pt` that loads with `weights_only=True`: tensors and plain containers alone.
"""

from __future__ import annotations

import hashlib
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from gan_studio.engine.config import RunConfig, load_run_config
from gan_studio.engine.errors import CheckpointError, StudioError, first_line
from gan_studio.engine.families import family_class
from gan_studio.engine.families.base import Family, Sampler
from gan_studio.engine.files import atomic_write
from gan_studio.engine.settings import validated, without_folders
from gan_studio.engine.truncation import with_truncation

FORMAT = "gan-studio-generator"
STATE_VERSION = 1
MOST_HEADER_BYTES = 16 * 2**20
OTHER_FILE_ADVICE = "Choose a generator (.safetensors) or a run folder that GAN Studio wrote."
DAMAGED_ADVICE = "Take another checkpoint of the run; the earlier ones are untouched."


@dataclass(frozen=True)
class LoadedGenerator:
    """A generator file, opened: networks on the CPU in evaluation mode, and the sampler over them."""

    config: RunConfig
    step: int
    sha256: str
    family: Family
    networks: dict[str, nn.Module]
    sampler: Sampler


def make_family(config: RunConfig) -> Family:
    """The family a config names, with its settings. Raises SettingsError."""
    cls = family_class(config.family)
    return cls(validated(cls.Config, config.family_settings, f"Settings of {cls.title}"), config.picture)


def flat_tensors(networks: Mapping[str, nn.Module]) -> dict[str, Tensor]:
    """Parameters and buffers by network and key (`"G.1.weight"`): contiguous copies on the CPU."""
    return _of_tensors(networks, lambda tensor: tensor.detach().to("cpu", copy=True).contiguous())


def generator_sha256(tensors: Mapping[str, Tensor]) -> str:
    """Hash of names, shapes, types and values: equal for the same generator, wherever its file lies."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        tensor = tensors[name].detach().to("cpu").contiguous()
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)};".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def save_generator(path: Path, config: RunConfig, step: int, tensors: Mapping[str, Tensor]) -> str:
    """Write a generator file and return its hash. `tensors` as `flat_tensors` makes them. Raises RunError.

    Of the data's path only the last name goes along: files travel, and where pictures lie is nobody else's business.
    """
    sha256 = generator_sha256(tensors)
    # Neither where the pictures lie nor what they are called is anybody's business whom the file is given to.
    names = {"source": Path(config.source).name, "second_source": Path(config.second_source).name}
    held_back = {
        "excluded": (),
        "data": config.data.changed(held_out_names=""),
        "family_settings": without_folders(family_class(config.family).Config, config.family_settings),
    }
    travelling = config.model_copy(update={**names, **held_back})
    metadata = {"format": FORMAT, "config": travelling.model_dump_json(), "step": str(step), "sha256": sha256}
    data = save(dict(tensors), metadata)
    with atomic_write(path) as file:
        file.write(data)
    return sha256


def read_metadata(path: Path) -> tuple[RunConfig, int, str]:
    """Config, step and claimed hash of a generator file, without reading its weights. Raises CheckpointError."""
    _check_header(path)
    try:
        with safe_open(path, framework="pt") as file:
            return _understand_metadata(path, file.metadata() or {})
    except (SafetensorError, OSError) as error:
        raise _damaged(path, error) from error


def load_generator(path: Path) -> LoadedGenerator:
    """Open a generator file.

    Every shape is compared with the config before a byte is allocated, and networks are built on the meta device, so
    that neither a lying file nor the opening of an honest one disturbs a training under way.

    Raises:
        CheckpointError: not a generator, damaged, made for other networks, or written by a newer version.
    """
    config, step, claimed_sha256 = read_metadata(path)
    try:
        with safe_open(path, framework="pt") as file:
            family, networks = _empty_networks(path, config)
            expected = _of_tensors(networks, lambda tensor: tuple(tensor.shape))
            _check_fit(path, expected, {key: tuple(file.get_slice(key).get_shape()) for key in file.keys()})  # noqa: SIM118
            tensors = {key: file.get_tensor(key) for key in expected}
    except (SafetensorError, OSError) as error:
        raise _damaged(path, error) from error
    _check_fit(
        path, _of_tensors(networks, lambda tensor: tensor.dtype), {key: tensor.dtype for key, tensor in tensors.items()}
    )
    sha256 = generator_sha256(tensors)
    if claimed_sha256 not in ("", sha256):
        raise _damaged(path, ValueError("its weights are not those that were written"))
    fill_networks(networks, tensors)
    return LoadedGenerator(config, step, sha256, family, networks, with_truncation(family.sampler(networks)))


def generator_from_tensors(config: RunConfig, step: int, tensors: Mapping[str, Tensor]) -> LoadedGenerator:
    """The same from a snapshot's tensors, which the networks then share."""
    family, networks = _empty_networks(Path("snapshot"), config)
    fill_networks(networks, tensors)
    sampler = with_truncation(family.sampler(networks))
    return LoadedGenerator(config, step, generator_sha256(tensors), family, networks, sampler)


def fill_networks(networks: Mapping[str, nn.Module], tensors: Mapping[str, Tensor]) -> None:
    """Give networks (on the meta device, say) the tensors of a file or snapshot; evaluation mode, no gradients."""
    for name, network in networks.items():
        start = f"{name}."
        own = {key.removeprefix(start): tensor for key, tensor in tensors.items() if key.startswith(start)}
        network.load_state_dict(own, assign=True)
        network.eval().requires_grad_(False)


def save_state(path: Path, state: dict[str, Any]) -> None:
    """Write a training state. Raises RunError."""
    with atomic_write(path) as file:
        try:
            torch.save({"version": STATE_VERSION, **state}, file)
        except RuntimeError as error:
            # torch's zip writer complains about its own position and hides what the disk said
            raise (error.__context__ if isinstance(error.__context__, OSError) else error) from None


def load_state(path: Path) -> dict[str, Any]:
    """Read a training state; tensors land on the CPU. Raises CheckpointError."""
    try:
        _check_sums(path)
        state = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise CheckpointError(f"There is no checkpoint {path}.") from error
    except Exception as error:  # there is no telling what a reader of pickles makes of a foreign file
        raise _damaged(path, error) from error
    if not isinstance(state, dict) or not isinstance(state.get("version"), int):
        raise CheckpointError(f"{path} holds no training state.", OTHER_FILE_ADVICE)
    if state["version"] > STATE_VERSION:
        raise CheckpointError(
            f"{path} was written by a newer GAN Studio (state version {state['version']}, known is {STATE_VERSION}).",
            "Install that version to continue the run.",
        )
    return state


def _check_sums(path: Path) -> None:
    """torch does not look at the checksums that it writes: a flipped bit would be trained on."""
    with zipfile.ZipFile(path) as archive:
        bad = archive.testzip()
    if bad:
        raise zipfile.BadZipFile(f"the checksum of {bad} is wrong")


def _check_header(path: Path) -> None:
    """Read the length that a header claims before a library believes it."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise CheckpointError(f"Could not read {path}: {error.strerror}.", OTHER_FILE_ADVICE) from error
    header_bytes = struct.unpack("<Q", start)[0] if len(start) == 8 else size
    if header_bytes > min(size - 8, MOST_HEADER_BYTES):
        raise CheckpointError(f"{path} is no generator file, or its end is missing.", OTHER_FILE_ADVICE)


def _understand_metadata(path: Path, metadata: Mapping[str, str]) -> tuple[RunConfig, int, str]:
    if metadata.get("format") != FORMAT:
        raise CheckpointError(f"{path} holds weights, but not of a GAN Studio generator.", OTHER_FILE_ADVICE)
    try:
        config = load_run_config(metadata.get("config", ""), str(path))
        return config, int(metadata.get("step", "0")), metadata.get("sha256", "")
    except (StudioError, ValueError) as error:
        raise CheckpointError(str(error)) from error


def _empty_networks(path: Path, config: RunConfig) -> tuple[Family, dict[str, nn.Module]]:
    try:
        family = make_family(config)
    except StudioError as error:
        raise CheckpointError(f"{path}: {error}") from error
    with torch.device("meta"):
        parts = family.build()
    return family, {name: parts.networks[name] for name in parts.averaged}


def _of_tensors(networks: Mapping[str, nn.Module], what: Callable[[Tensor], Any]) -> dict[str, Any]:
    """Something about every tensor, by network and key."""
    return {
        f"{name}.{key}": what(tensor)
        for name, network in networks.items()
        for key, tensor in network.state_dict().items()
    }


def _check_fit(path: Path, expected: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    if found != expected:
        odd = sorted(key for key in expected.keys() | found.keys() if expected.get(key) != found.get(key))
        raise CheckpointError(f"The weights in {path} do not fit its settings ({odd[0]}).", OTHER_FILE_ADVICE)


def _damaged(path: Path, error: Exception) -> CheckpointError:
    return CheckpointError(f"{path} is damaged or no checkpoint ({first_line(error)}).", DAMAGED_ADVICE)
