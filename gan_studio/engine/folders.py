"""Where the program keeps things when nobody says otherwise. Imports no torch."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

HOME_VARIABLE = "GAN_STUDIO_HOME"
"""Set it to keep runs, cache and demonstration pictures under one folder of your choice."""
_chosen: dict[str, Path] = {}


def choose_folders(runs: Path | None = None, pictures: Path | None = None) -> None:
    """What the user prefers from now on; None stands for the usual place."""
    _chosen.clear()
    _chosen.update({name: path for name, path in (("runs", runs), ("pictures", pictures)) if path is not None})


def runs_folder() -> Path:
    """The folder new runs are created in: the chosen one, or `GAN Studio/runs` among the user's documents."""
    return _chosen.get("runs") or _home("runs") or platformdirs.user_documents_path() / "GAN Studio" / "runs"


def cache_folder() -> Path:
    """Decoded pictures live here; it may be deleted at any time and is built again when needed."""
    return _home("cache") or platformdirs.user_cache_path("gan-studio", appauthor=False) / "pictures"


def plans_folder() -> Path:
    """What was found to be fastest on this machine, a file each; it may be deleted at any time."""
    return _home("plans") or platformdirs.user_cache_path("gan-studio", appauthor=False) / "plans"


def demo_folder() -> Path:
    """Where the demonstration pictures are drawn when first asked for."""
    return (_home("") or platformdirs.user_data_path("gan-studio", appauthor=False)) / "Demonstration pictures"


def datasets_folder() -> Path:
    """Data sets that the program downloaded, ready to train on."""
    return _home("data sets") or platformdirs.user_data_path("gan-studio", appauthor=False) / "Data sets"


def downloads_folder() -> Path:
    """Where files are downloaded to before a data set is made of them."""
    return _home("downloads") or platformdirs.user_data_path("gan-studio", appauthor=False) / "Downloads"


def choices_folder() -> Path:
    """Which pictures were taken out of which data set, a file each."""
    return _home("choices") or platformdirs.user_data_path("gan-studio", appauthor=False) / "Choices"


def classifiers_folder() -> Path:
    """Classifiers that name the classes of a data set, a file each; they are trained again when they are needed."""
    return _home("classifiers") or platformdirs.user_cache_path("gan-studio", appauthor=False) / "classifiers"


def pictures_folder() -> Path:
    """Where "Save picture" starts."""
    return _chosen.get("pictures") or _home("pictures") or platformdirs.user_pictures_path()


def favourites_folder() -> Path:
    """Where the explorer keeps the favourites of models that belong to no run."""
    return _home("favourites") or platformdirs.user_data_path("gan-studio", appauthor=False) / "favourites"


def log_folder() -> Path:
    """Where the program's own log is written."""
    return _home("log") or platformdirs.user_log_path("gan-studio", appauthor=False)


def _home(name: str) -> Path | None:
    home = os.environ.get(HOME_VARIABLE)
    return Path(home).expanduser() / name if home else None
