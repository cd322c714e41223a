"""Pictures that small trainings run on."""

from pathlib import Path

import pytest

from tests.engine.courses import draw_pictures


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of ten small pictures in colour."""
    return draw_pictures(tmp_path_factory.mktemp("pictures"))
