"""Settings that every training has, and all that is needed to rebuild a run: `config.json`. Imports no torch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from gan_studio.engine.errors import SettingsError
from gan_studio.engine.settings import Settings, setting, validated

CONFIG_VERSION = 1
ImageSize = Literal["auto", 16, 32, 64, 96, 128, 256]
Channels = Literal["auto", "grey", "colour"]


class DataSettings(Settings):
    """How pictures become tensors."""

    GROUPS: ClassVar[Mapping[str, str]] = {
        "Pictures": "How your pictures become the squares that the networks see. Size and colour are found by looking "
        "at them, and are right for most. Smaller pictures train much faster, so begin small; mirroring helps where "
        "there are few pictures and left and right do not matter.",
    }

    image_size: ImageSize = setting(
        "auto", label="Picture size", unit="px", group="Pictures",
        help="Side of the square pictures that are trained on and made; auto looks at the data.",
    )  # fmt: skip
    channels: Channels = setting(
        "auto", label="Colour", group="Pictures",
        help="Grey trains faster; auto chooses grey when no picture holds a colour.",
    )  # fmt: skip
    fit: Literal["crop", "pad", "stretch"] = setting(
        "crop", label="Fit", group="Pictures",
        help="How a picture that is not square becomes square: cut its middle out, add borders, or squeeze it.",
        choice_labels={"crop": "Crop the middle", "pad": "Add borders", "stretch": "Squeeze"},
    )  # fmt: skip
    background: str = setting(
        "#ffffff", label="Background", group="Pictures", widget="colour", pattern="^#[0-9a-fA-F]{6}$",
        help="The colour put under transparent pictures and into added borders.",
    )  # fmt: skip
    flip: bool = setting(
        False, label="Mirror at random", group="Pictures",
        help="Show each picture mirrored half of the time. Good for faces and landscapes, wrong for letters.",
    )  # fmt: skip
    held_out: float = setting(
        0.0, label="Held out", group="Pictures", advanced=True, ge=0, le=0.5, step=0.05,
        help="Share of the pictures that is never trained on, for measuring.",
    )  # fmt: skip
    held_out_names: str = setting(
        "", label="Held-out pictures", group="Pictures", advanced=True,
        help="Names of pictures that are never trained on, instead of a share: kodim19, kodim21. With commas between "
        "them, with or without their ending.",
    )  # fmt: skip

    @property
    def held_out_list(self) -> tuple[str, ...]:
        """The names of held-out pictures, one by one."""
        return tuple(name.strip() for name in self.held_out_names.split(",") if name.strip())


class TrainingSettings(Settings):
    """How long, how often and on what to train; the same for every family."""

    GROUPS: ClassVar[Mapping[str, str]] = {
        "Training": "How long to train and on how many pictures at a time. With 0 steps training goes on until you "
        "press Stop, which always saves. Lower the batch when memory runs out, raise it on a large GPU.",
        "Output": "What is written into the run while it trains. Grids are what you watch and scrub through; "
        "checkpoints are what a training goes on from. Keep more checkpoints if you want to return to an earlier one.",
        "Machine": "Where the sums are done. The choices made by themselves are the fastest for this computer; change "
        "them to leave room for other programs, or to repeat a training exactly as it ran elsewhere.",
    }

    steps: int = setting(
        0, label="Steps", group="Training", ge=0, le=1_000_000_000, step=100,
        help="Stop after so many steps; 0 trains until you stop it.",
    )  # fmt: skip
    images: int = setting(
        0, label="Images", group="Training", ge=0, le=10**12, step=10_000, advanced=True,
        help="Stop after so many pictures have been shown; 0 for no such limit.",
    )  # fmt: skip
    minutes: float = setting(
        0.0, label="Minutes", group="Training", ge=0, le=10_000_000, step=5, advanced=True,
        help="Stop after so many minutes of training; 0 for no such limit.",
    )  # fmt: skip
    batch_size: int = setting(
        64, label="Batch", unit="pictures", group="Training", ge=1, le=4096, step=8,
        help="Pictures per update. More is steadier and needs more memory.",
    )  # fmt: skip
    seed: int = setting(
        0, label="Seed", group="Training", ge=0, le=2**31 - 1,
        help="The same seed, settings and machine give the same training.",
    )  # fmt: skip
    device: str = setting(
        "auto", label="Device", group="Machine", pattern=r"^(auto|cpu|mps|cuda(:\d+)?)$",
        help="auto takes the GPU where there is one; else cpu, cuda, cuda:1, mps.",
    )  # fmt: skip
    precision: Literal["auto", "fp32", "tf32", "bf16"] = setting(
        "auto", label="Precision", group="Machine", advanced=True,
        help="bf16 is faster where the processor has it, tf32 on newer GPUs; fp32 is the reference.",
    )  # fmt: skip
    speed: Literal["measure", "default"] = setting(
        "measure", label="Ways to compute", group="Machine", advanced=True,
        help="Measuring takes some seconds before a new kind of training; how a run computes never changes later.",
        choice_labels={"measure": "Measure the fastest", "default": "Do not measure"},
    )  # fmt: skip
    cuda_graphs: Literal["auto", "on", "off"] = setting(
        "auto", label="CUDA graphs", group="Machine", advanced=True,
        help="On NVIDIA GPUs: launch whole steps at once. Measuring takes them where results agree and time is saved.",
        choice_labels={"auto": "Measure", "on": "On", "off": "Off"},
    )  # fmt: skip
    threads: int = setting(
        0, label="Threads", group="Machine", advanced=True, ge=0, le=256,
        help="Processor threads for training; 0 chooses: all cores of a small machine, all but one of a larger.",
    )  # fmt: skip
    sync_batch_norm: bool = setting(
        False, label="Shared BatchNorm", group="Machine", advanced=True,
        help="Where several processes train together: BatchNorm looks at the whole batch, not at each one's share.",
    )  # fmt: skip
    average_images: int = setting(
        10_000, label="Averaging", unit="pictures", group="Training", advanced=True, ge=0, le=10_000_000, step=1_000,
        help="Half-life of the averaged generator that the grids, the explorer and saved files use; 0 turns it off.",
    )  # fmt: skip
    sample_seconds: float = setting(
        2.0, label="Grid every", unit="s", group="Output", ge=0.1, le=86_400, step=1,
        help="A sample grid is made about this often; the pace slows as a run grows long.",
    )  # fmt: skip
    sample_steps: int = setting(
        0, label="Grid every", unit="steps", group="Output", advanced=True, ge=0, le=10_000_000, step=50,
        help="Make grids by steps instead of by the clock; 0 goes by the clock.",
    )  # fmt: skip
    raw_grids: bool = setting(
        True, label="Raw grids as well", group="Output", advanced=True,
        help="Beside each grid, one of the generator as it is, without averaging; the two are compared on the page.",
    )  # fmt: skip
    checkpoint_minutes: float = setting(
        5.0, label="Checkpoint every", unit="min", group="Output", ge=0.05, le=10_000, step=1,
        help="How much training an interruption may cost.",
    )  # fmt: skip
    checkpoint_steps: int = setting(
        0, label="Checkpoint every", unit="steps", group="Output", advanced=True, ge=0, le=10_000_000, step=100,
        help="Write checkpoints by steps instead of by the clock; 0 goes by the clock.",
    )  # fmt: skip
    keep_checkpoints: int = setting(
        3, label="Keep", unit="checkpoints", group="Output", ge=1, le=10_000,
        help="Older checkpoints are deleted; their sample grids stay.",
    )  # fmt: skip
    measure: bool = setting(
        True, label="Measure", group="Output",
        help="Now and then, measure how far samples are from real pictures, in at most 5 % of the time.",
    )  # fmt: skip
    measure_steps: int = setting(
        0, label="Measure every", unit="steps", group="Output", advanced=True, ge=0, le=10_000_000, step=100,
        help="Measure by steps, whatever it costs; 0 keeps to 5 % of the time.",
    )  # fmt: skip
    tensorboard: bool = setting(
        True, label="TensorBoard", group="Output", advanced=True,
        help="Also write TensorBoard event files into the run folder.",
    )  # fmt: skip


class PictureSpec(Settings):
    """What was found and decided about the data: the shape that networks are built for."""

    size: int = Field(ge=4, le=1024)
    channels: Literal[1, 3] = 3
    classes: tuple[str, ...] = ()
    points: str = ""
    """The shape of points in the plane that are trained on instead of pictures; pictures of this spec then show them.
    Empty for pictures."""


class Origin(Settings):
    """The model whose weights a run began with."""

    run: str
    """Name of the run's folder, or of the generator file."""
    step: int
    sha256: str
    """Of the generator, as recipes name it."""
    discriminator: bool
    """Whether D's weights were there too; else it began with random ones."""


class RunConfig(Settings):
    """All that is needed to rebuild a run: `config.json`, and the metadata of every generator file."""

    version: int = CONFIG_VERSION
    program: str = ""
    """Version of the program that wrote it."""
    name: str = ""
    source: str = ""
    """The data folder or zip, as an absolute path."""
    second_source: str = ""
    """The other one of a pair, whose pictures are domain B; empty where there is one source."""
    fingerprint: str = ""
    """Of the pictures that are trained on; another one on resume is said to the user."""
    excluded: tuple[str, ...] = ()
    """Names of pictures in the source that are not trained on."""
    family: str
    family_settings: dict[str, Any] = Field(default_factory=dict)
    picture: PictureSpec
    data: DataSettings = DataSettings()
    training: TrainingSettings = TrainingSettings()
    picture_count: int = 0
    """How many pictures there were; 0 where nobody wrote it down."""
    started_from: Origin | None = None
    """None where it began with random weights."""

    def decided_data(self) -> DataSettings:
        """The settings of the data with size and colour as they were decided, never `auto`."""
        channels = "grey" if self.picture.channels == 1 else "colour"
        return self.data.changed(image_size=self.picture.size, channels=channels)


def load_run_config(text: str | bytes, where: str) -> RunConfig:
    """Read a `config.json`. `where` names the file in errors. Raises SettingsError."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{where} holds no readable settings: {error}.") from error
    if not isinstance(values, dict):
        raise SettingsError(f"{where} holds no settings.")
    version = values.get("version")
    if isinstance(version, int) and version > CONFIG_VERSION:
        writer = values.get("program") or "a newer version"
        raise SettingsError(
            f"{where} was written by GAN Studio {writer}: its settings have version {version}, "
            f"this program knows {CONFIG_VERSION}.",
            "Install that version to open it.",
        )
    return validated(RunConfig, values, where)
