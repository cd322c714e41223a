"""A run: one training as a folder that any other program can read, also while training goes on. Imports no torch."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from gan_studio.engine.config import RunConfig, load_run_config
from gan_studio.engine.errors import CheckpointError, RunError, StudioError
from gan_studio.engine.files import atomic_write, plain_file, read_small, write_error
from gan_studio.engine.folders import runs_folder
from gan_studio.engine.limits import MOST_STEPS
from gan_studio.engine.metrics_index import columns_file

STATE_SUFFIX = ".pt"
GENERATOR_SUFFIX = ".safetensors"
RAW_FOLDER = "raw"
"""Inside the folder of the samples, under the same file names: grids of the generator without averaging."""
LONGEST_TITLE = 60
MOST_MARKS_BYTES = 2**24
MOST_CONFIG_BYTES = 2**26
"""Of settings, with the names of a million pictures that were taken out."""


class RunFolder:
    """Names and small files of a run.

    `config.json` · `metrics.jsonl` · `metrics.columns` (the same numbers for a quick opening, made anew where they are
    missing) · `interventions.jsonl` · `favourites.json` (steps that the user marked) ·
    `evaluations.jsonl` (what was measured of its models) ·
    `samples/step-00000100.png` (averaged generator), `samples/raw/step-00000100.png` (the generator as it is),
    `samples/reals.png` · `checkpoints/step-00000100.pt` (training state) and `.safetensors` (generator) ·
    `generators/<sha256>.safetensors` (those that saved pictures refer to) · `tensorboard/` · `log.txt`
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.config_file = path / "config.json"
        self.metrics_file = path / "metrics.jsonl"
        self.interventions_file = path / "interventions.jsonl"
        self.favourites_file = path / "favourites.json"
        self.evaluations_file = path / "evaluations.jsonl"
        self.samples = path / "samples"
        self.raw_samples = self.samples / RAW_FOLDER
        self.checkpoints = path / "checkpoints"
        self.generators = path / "generators"
        self.tensorboard = path / "tensorboard"
        self.log_file = path / "log.txt"

    @classmethod
    def create(cls, path: Path, config: RunConfig) -> RunFolder:
        """Make the folder. Raises RunError where it exists and is not empty, or cannot be made."""
        run = cls(path)
        try:
            path.mkdir(parents=True, exist_ok=True)
            refuse_full(path)
            for folder in (run.samples, run.checkpoints, run.generators):
                folder.mkdir()
        except OSError as error:
            raise write_error(path, error) from error
        run.write_config(config)
        return run

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """A run that exists. Raises RunError."""
        run = cls(path)
        if not run.config_file.is_file():
            raise RunError(f"{path} is not a run: it has no config.json.", "Choose a folder that a training made.")
        return run

    @property
    def reals_file(self) -> Path:
        return self.samples / "reals.png"

    def config(self) -> RunConfig:
        """Raises RunError or SettingsError."""
        try:
            return load_run_config(read_small(self.config_file, MOST_CONFIG_BYTES), str(self.config_file))
        except OSError as error:
            raise RunError(f"Could not read {self.config_file}: {error.strerror}.") from error

    def write_config(self, config: RunConfig) -> None:
        with atomic_write(self.config_file) as file:
            file.write(config.model_dump_json(indent=2).encode())

    # --- lines ---

    def append_metrics(self, values: dict[str, Any]) -> None:
        """Add one line to `metrics.jsonl`. What is not finite is left out: JSON knows no infinity. Raises RunError."""
        _append_line(self.metrics_file, {name: value for name, value in values.items() if math.isfinite(value)})

    def metrics(self) -> list[dict[str, Any]]:
        """Every whole line; one that was cut off by a crash is passed over."""
        return [line for line, _ in _whole_lines(self.metrics_file)]

    def append_intervention(self, values: dict[str, Any]) -> None:
        """Raises RunError."""
        _append_line(self.interventions_file, values)

    def write_interventions(self, lines: list[dict[str, Any]]) -> None:
        """Put these in the place of all that were written so far. Raises RunError."""
        with atomic_write(self.interventions_file) as file:
            file.writelines(json.dumps(line).encode() + b"\n" for line in lines)

    def interventions(self) -> list[dict[str, Any]]:
        """What was done by hand, each with the step it was done at."""
        return [line for line, _ in _whole_lines(self.interventions_file)]

    def append_evaluation(self, values: dict[str, Any]) -> None:
        """Add what was measured of a model of this run. Raises RunError."""
        _append_line(self.evaluations_file, values)

    def evaluations(self) -> list[dict[str, Any]]:
        """What was measured of models of this run, in the order in which it was."""
        return [line for line, _ in _whole_lines(self.evaluations_file)]

    def favourites(self) -> frozenset[int]:
        """Steps whose grids the user marked; none where the file is absent or damaged."""
        try:
            marked = json.loads(read_small(self.favourites_file, MOST_MARKS_BYTES))["steps"]
            return frozenset(step for step in marked if type(step) is int and 0 <= step <= MOST_STEPS)
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return frozenset()

    def write_favourites(self, steps: Iterable[int]) -> None:
        """Put these in the place of the marks that were there. Raises RunError."""
        with atomic_write(self.favourites_file) as file:
            file.write(json.dumps({"steps": sorted(steps)}).encode())

    def log(self, text: str) -> None:
        """Add a dated line to `log.txt`; a log that cannot be written never stops a training."""
        try:
            with open(self.log_file, "a", encoding="utf-8", opener=plain_file) as file:
                file.write(f"{datetime.now().astimezone().isoformat(timespec='seconds')} {text}\n")
        except OSError:
            return

    # --- files by step ---

    def sample_file(self, step: int) -> Path:
        return self.samples / f"step-{step:08d}.png"

    def raw_sample_file(self, step: int) -> Path:
        return self.raw_samples / self.sample_file(step).name

    def state_file(self, step: int) -> Path:
        return self.checkpoints / f"step-{step:08d}{STATE_SUFFIX}"

    def generator_file(self, step: int) -> Path:
        return self.checkpoints / f"step-{step:08d}{GENERATOR_SUFFIX}"

    def sample_files(self) -> dict[int, Path]:
        """Sample grids by step, in order: the timeline."""
        return _by_step(self.samples, ".png")

    def raw_sample_files(self) -> dict[int, Path]:
        return _by_step(self.raw_samples, ".png")

    def state_files(self) -> dict[int, Path]:
        return _by_step(self.checkpoints, STATE_SUFFIX)

    def generator_files(self) -> dict[int, Path]:
        return _by_step(self.checkpoints, GENERATOR_SUFFIX)

    def newest_generator(self) -> Path:
        """Raises CheckpointError where none was written yet."""
        files = self.generator_files()
        if not files:
            raise CheckpointError(f"{self.path} has no checkpoint yet.", "Train on until the first one is written.")
        return files[max(files)]

    def generator_at_step(self, step: int) -> Path:
        """Raises CheckpointError where it was not kept."""
        files = self.generator_files()
        if step not in files:
            raise CheckpointError(
                f"{self.path} has no checkpoint of step {step}.", f"There are: {', '.join(map(str, files))}."
            )
        return files[step]

    def state_to_resume(self, step: int | None = None) -> Path:
        """The newest training state, or the one of a step. Raises CheckpointError."""
        files = self.state_files()
        if not files:
            raise CheckpointError(f"{self.path} has no checkpoint to continue from.", "Start a new training.")
        wanted = max(files) if step is None else step
        if wanted not in files:
            raise CheckpointError(f"{self.path} has no checkpoint of step {step}.", f"There are: {list(files)}.")
        return files[wanted]

    def prune_checkpoints(self, keep: int) -> None:
        """Delete all but the newest `keep` checkpoints, state and generator together. Raises RunError."""
        for step in sorted(self.generator_files().keys() | self.state_files().keys())[:-keep]:
            _delete(self.state_file(step))
            _delete(self.generator_file(step))

    def cut(self, step: int) -> None:
        """Forget what lies behind `step`: metrics, grids, marks and checkpoints of a course that is now run again.

        Raises RunError.
        """
        _delete(columns_file(self.metrics_file))
        _cut_lines(self.metrics_file, step)
        marked = self.favourites()
        if any(at > step for at in marked):
            self.write_favourites(at for at in marked if at <= step)
        for files in (self.sample_files(), self.raw_sample_files(), self.state_files(), self.generator_files()):
            for at, file in files.items():
                if at > step:
                    _delete(file)

    def size_bytes(self) -> int:
        """Disk use of everything in the folder; a training may be writing and deleting there."""
        total = 0
        for file in self.path.rglob("*"):
            with suppress(FileNotFoundError):
                total += file.stat().st_size if file.is_file() else 0
        return total

    def delete(self) -> None:
        shutil.rmtree(self.path)


def refuse_full(path: Path) -> None:
    """Raises RunError where a run cannot begin because something lies there; OSError where nobody can look."""
    if path.is_dir() and any(path.iterdir()):
        raise RunError(f"{path} is not empty.", "Choose a new folder, or continue that run with --resume.")


def new_run_path(source: str, family: str, size: int, folder: Path | None = None) -> Path:
    """A folder name that does not exist yet: `flags dcgan 64 2026-11-21 14.05`."""
    title = re.sub(r"[^\w .-]", "_", Path(source).stem).strip()[:LONGEST_TITLE] or "pictures"
    base = (folder or runs_folder()) / f"{title} {family} {size} {datetime.now():%Y-%m-%d %H.%M}"
    path, number = base, 2
    while path.exists():
        path, number = base.with_name(f"{base.name} ({number})"), number + 1
    return path


def known_runs(folder: Path | None = None) -> list[Path]:
    """Run folders among the user's runs, newest first."""
    root = folder or runs_folder()
    try:
        changed = {file.parent: file.parent.stat().st_mtime for file in root.glob("*/config.json")}
    except OSError as error:
        raise RunError(f"Could not look into {root}: {error.strerror}.") from error
    return sorted(changed, key=lambda run: changed[run], reverse=True)


def generator_at(path: Path) -> Path:
    """The newest generator where `path` is a run folder, else `path` itself. Raises RunError or CheckpointError."""
    return RunFolder.open(path).newest_generator() if path.is_dir() else path


def find_run(path: Path) -> RunFolder | None:
    """The run that a file or folder belongs to, if any."""
    for folder in (path, path.parent, path.parent.parent):
        try:
            return RunFolder.open(folder)
        except StudioError:
            continue
    return None


def _by_step(folder: Path, suffix: str) -> dict[int, Path]:
    """Files alone: whoever opens a pipe that lies there waits for ever."""
    found, name = {}, re.compile(rf"step-(\d{{8,10}}){re.escape(suffix)}", re.ASCII)
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            match = name.fullmatch(entry.name)
            if match and int(match[1]) <= MOST_STEPS and entry.is_file():
                found[int(match[1])] = folder / entry.name
    return dict(sorted(found.items()))


def _append_line(path: Path, values: dict[str, Any]) -> None:
    try:
        with open(path, "ab+", opener=plain_file) as file:
            if file.tell() and not _ends_with_newline(file):
                file.write(b"\n")
            file.write(json.dumps(values).encode() + b"\n")
    except OSError as error:
        raise write_error(path, error) from error


def _ends_with_newline(file: IO[bytes]) -> bool:
    """False where a crash or a full disk cut the last line off; what is appended must not be lost with it."""
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def _delete(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise RunError(f"Could not delete {path}: {error.strerror}.") from error


def _whole_lines(path: Path) -> Iterator[tuple[dict[str, Any], int]]:
    """Each whole JSON object of a file and the byte offset behind it."""
    if not path.is_file():
        return
    offset = 0
    with path.open("rb") as file:
        for line in file:
            offset += len(line)
            try:
                values = json.loads(line)
            except ValueError:
                continue
            if isinstance(values, dict) and line.endswith(b"\n"):
                yield values, offset


def _cut_lines(path: Path, step: int) -> None:
    """Truncate a file of lines behind the last line that belongs to `step` or an earlier one."""
    if not path.is_file():
        return
    end = 0
    for values, offset in _whole_lines(path):
        if values.get("step", 0) > step:
            break
        end = offset
    try:
        with open(path, "r+b", opener=plain_file) as file:
            file.truncate(end)
    except OSError as error:
        raise write_error(path, error) from error
