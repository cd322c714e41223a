"""What the program remembers between starts: window layout, recent folders and runs, the scheme.

QSettings gives back strings (`'false'` is true!) in a fresh process; every read here says the type it wants.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

from PySide6.QtCore import QByteArray, QSettings

from gan_studio.engine.folders import HOME_VARIABLE
from gan_studio.gui.theme import Scheme

T = TypeVar("T")
RECENT_LIMIT = 10
SCALES = (100, 110, 125, 150, 175, 200)
"""Sizes of the whole interface, in per cent."""
CHECKPOINTS_KEPT = 3
_SCHEMES = ("light", "dark", "system")
_PREFERENCES = ("look", "folders", "training", "train/keep_awake", "train/notice_when_done")


class UserSettings:
    """Typed access to the user's settings.

    Args:
        path: an ini file to keep them in. Without it: `settings.ini` under GAN_STUDIO_HOME where that is set, else
            the system's usual place.
    """

    def __init__(self, path: Path | None = None) -> None:
        home = os.environ.get(HOME_VARIABLE)
        if path is None and home:
            path = Path(home).expanduser() / "settings.ini"
        self._store = (
            QSettings(str(path), QSettings.Format.IniFormat) if path else QSettings("GAN Studio", "GAN Studio")
        )

    def sync(self) -> None:
        """Write to disk now."""
        self._store.sync()

    @property
    def scheme(self) -> Scheme:
        """Light, dark, or as the system; anything else that stands in the file counts as `system`."""
        value = self._read("look/scheme", "system", str)
        return cast(Scheme, value if value in _SCHEMES else "system")

    @scheme.setter
    def scheme(self, value: Scheme) -> None:
        self._store.setValue("look/scheme", value)

    @property
    def scale(self) -> int:
        """Size of the interface in per cent, one of SCALES; it counts from the next start."""
        value = self._read("look/scale", 100, int)
        return value if value in SCALES else 100

    @scale.setter
    def scale(self, value: int) -> None:
        self._store.setValue("look/scale", value)

    @property
    def geometry(self) -> QByteArray:
        """`QMainWindow.saveGeometry()`; empty at the first start."""
        return self._read("window/geometry", QByteArray(), QByteArray)

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue("window/geometry", value)

    @property
    def page(self) -> str:
        """The page in front when the window was closed; empty at the first start."""
        return self._read("window/page", "", str)

    @page.setter
    def page(self, value: str) -> None:
        self._store.setValue("window/page", value)

    def splitter(self, name: str) -> QByteArray:
        """`QSplitter.saveState()` of the splitter called `name`; empty when unknown."""
        return self._read(f"splitters/{name}", QByteArray(), QByteArray)

    def set_splitter(self, name: str, state: QByteArray) -> None:
        self._store.setValue(f"splitters/{name}", state)

    def header(self, name: str) -> QByteArray:
        """`QHeaderView.saveState()` of the table called `name`; empty when unknown."""
        return self._read(f"headers/{name}", QByteArray(), QByteArray)

    def set_header(self, name: str, state: QByteArray) -> None:
        self._store.setValue(f"headers/{name}", state)

    @property
    def recent_folders(self) -> list[Path]:
        """Data folders and zips, newest first, at most ten."""
        return self._paths("recent/folders")

    def add_recent_folder(self, path: Path) -> None:
        self._add_path("recent/folders", path)

    @property
    def recent_runs(self) -> list[Path]:
        """Run folders and generator files, newest first, at most ten."""
        return self._paths("recent/runs")

    def add_recent_run(self, path: Path) -> None:
        self._add_path("recent/runs", path)

    def move_recent_run(self, before: Path, now: Path | None) -> None:
        """A run has another path, or (None) none any more; what lies in it is meant too."""
        kept = []
        for path in self.recent_runs:
            inside = path == before or before in path.parents
            if not inside:
                kept.append(path)
            elif now is not None:
                kept.append(now / path.relative_to(before))
        self._store.setValue("recent/runs", [str(path) for path in kept])

    def clear_recent(self) -> None:
        self._store.remove("recent")

    @property
    def family(self) -> str:
        """The family chosen last; empty at the first start."""
        return self._read("train/family", "", str)

    @family.setter
    def family(self, value: str) -> None:
        self._store.setValue("train/family", value)

    @property
    def save_folder(self) -> Path | None:
        """Where a picture was saved last."""
        return self._path("save/folder")

    @save_folder.setter
    def save_folder(self, value: Path) -> None:
        self._store.setValue("save/folder", str(value))

    @property
    def file_folder(self) -> Path | None:
        """Where the file of a setting was chosen last."""
        return self._path("files/folder")

    @file_folder.setter
    def file_folder(self, value: Path) -> None:
        self._store.setValue("files/folder", str(value))

    @property
    def keep_awake(self) -> bool:
        """Whether the computer is kept from sleeping while a training runs."""
        return self._read("train/keep_awake", True, bool)

    @keep_awake.setter
    def keep_awake(self, value: bool) -> None:
        self._store.setValue("train/keep_awake", value)

    @property
    def notice_when_done(self) -> bool:
        """Whether the desktop tells of a training's end while the window is not looked at."""
        return self._read("train/notice_when_done", True, bool)

    @notice_when_done.setter
    def notice_when_done(self, value: bool) -> None:
        self._store.setValue("train/notice_when_done", value)

    @property
    def grid_kinds(self) -> list[str]:
        """Which grids are shown beside one another: `averaged`, `raw`, `reals`."""
        return [kind for kind in self._read("train/grid_kinds", [], list) if isinstance(kind, str)]

    @grid_kinds.setter
    def grid_kinds(self, value: Sequence[str]) -> None:
        self._store.setValue("train/grid_kinds", list(value))

    @property
    def runs_folder(self) -> Path | None:
        """Where new runs are made; None for the usual place."""
        return self._path("folders/runs")

    @runs_folder.setter
    def runs_folder(self, value: Path | None) -> None:
        self._store.setValue("folders/runs", str(value or ""))

    @property
    def pictures_folder(self) -> Path | None:
        """Where saving a picture starts until one was saved elsewhere; None for the usual place."""
        return self._path("folders/pictures")

    @pictures_folder.setter
    def pictures_folder(self, value: Path | None) -> None:
        self._store.setValue("folders/pictures", str(value or ""))
        self._store.remove("save/folder")

    @property
    def keep_checkpoints(self) -> int:
        """How many checkpoints a new training keeps, where nothing else is chosen for it."""
        return max(1, self._read("training/keep_checkpoints", CHECKPOINTS_KEPT, int))

    @keep_checkpoints.setter
    def keep_checkpoints(self, value: int) -> None:
        self._store.setValue("training/keep_checkpoints", value)

    def restore_defaults(self) -> None:
        """Forget what was chosen in the preferences; recent files, layout and the like stay."""
        for group in _PREFERENCES:
            self._store.remove(group)

    def readable(self) -> dict[str, str]:
        """Everything that is kept, for a report: how many recent files there are, but not which."""
        values = {key: self._store.value(key) for key in sorted(self._store.allKeys())}
        return {key: _in_words(key, value) for key, value in values.items()}

    def flag(self, name: str, default: bool = False) -> bool:
        """A yes or no that a page wants to keep, by a name of its own."""
        return self._read(f"flags/{name}", default, bool)

    def set_flag(self, name: str, value: bool) -> None:
        self._store.setValue(f"flags/{name}", value)

    def choices(self, name: str) -> dict[str, Any]:
        """What a part of the window keeps under a name of its own, as `set_choices` got it; empty when unknown."""
        try:
            value = json.loads(self._read(f"choices/{name}", "{}", str))
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}

    def set_choices(self, name: str, value: Mapping[str, Any]) -> None:
        """`value` holds what JSON can hold. Kept as text: an ini file knows no types."""
        self._store.setValue(f"choices/{name}", json.dumps(value))

    def number(self, name: str, default: float) -> float:
        """A number that a page wants to keep, by a name of its own."""
        return self._read(f"numbers/{name}", default, float)

    def set_number(self, name: str, value: float) -> None:
        self._store.setValue(f"numbers/{name}", value)

    def text(self, name: str, default: str = "") -> str:
        """A word or line that a page wants to keep, by a name of its own."""
        return self._read(f"texts/{name}", default, str)

    def set_text(self, name: str, value: str) -> None:
        self._store.setValue(f"texts/{name}", value)

    def _path(self, key: str) -> Path | None:
        value = self._read(key, "", str)
        return Path(value) if value else None

    def _paths(self, key: str) -> list[Path]:
        return [Path(text) for text in self._read(key, [], list) if isinstance(text, str) and text]

    def _add_path(self, key: str, path: Path) -> None:
        others = [known for known in self._paths(key) if known != path]
        self._store.setValue(key, [str(entry) for entry in (path, *others)][:RECENT_LIMIT])

    def _read(self, key: str, default: T, kind: type[Any]) -> T:
        try:
            value = self._store.value(key, default, type=kind)
        except (TypeError, ValueError):
            return default
        return cast(T, value) if isinstance(value, kind) else default


def _in_words(key: str, value: Any) -> str:
    if key.startswith("recent/"):
        return f"{len(value) if isinstance(value, list) else 1} paths"
    return f"{value.size()} bytes" if isinstance(value, QByteArray) else str(value)
