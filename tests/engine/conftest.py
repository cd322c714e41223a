"""Pictures that small trainings run on."""

from pathlib import Path

import pytest

from tests.engine.courses import draw_pictures


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of ten small pictures in colour."""
    return draw_pictures(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="session")
def class_folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three folders of four small pictures each."""
    root = tmp_path_factory.mktemp("classes")
    for name in ("anemone", "bluebell", "crocus"):
        (root / name).mkdir()
        draw_pictures(root / name, count=4)
    return root
