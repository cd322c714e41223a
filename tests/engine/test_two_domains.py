"""A family with two domains: what it takes, and what it refuses before anything is written."""

import pytest

from gan_studio.engine.data.scan import scan
from gan_studio.engine.decisions import decide, domains_of
from gan_studio.engine.errors import DatasetError, SettingsError
from gan_studio.engine.events import Failed
from gan_studio.engine.families.base import DataSpec
from gan_studio.engine.families.dcgan import DCGAN
from gan_studio.engine.request import TrainingRequest
from tests.engine.courses import draw_pictures, train


@pytest.fixture
def two_domains(monkeypatch):
    """DCGAN, as if it wanted two."""
    monkeypatch.setattr(DCGAN, "data", classmethod(lambda cls: DataSpec(domains=("A", "B"))))


def decided(source, second=None, **more):
    return decide(TrainingRequest(source, second_source=second, **more), scan(source, second))


@pytest.mark.usefixtures("two_domains")
def test_of_class_folders_the_first_two_or_those_asked_for_are_trained_on(class_folders):
    assert decided(class_folders).picture.classes == ("anemone", "bluebell")
    config = decided(class_folders, domain_a="crocus")
    assert config.picture.classes == ("crocus", "anemone")
    report = domains_of(scan(class_folders), config)
    assert report.class_counts() == {"crocus": 4, "anemone": 4}


@pytest.mark.usefixtures("two_domains")
def test_a_pair_is_remembered_with_both_places(class_folders):
    config = decided(class_folders / "anemone", class_folders / "crocus")
    assert config.picture.classes == ("A", "B")
    assert (config.name, config.second_source) == ("anemone and crocus", str(class_folders / "crocus"))


@pytest.mark.usefixtures("two_domains")
def test_pictures_of_one_kind_are_refused_before_a_run_is_made(pictures, tmp_path):
    events = train(TrainingRequest(pictures, outdir=tmp_path / "run"))
    assert isinstance(events[-1], Failed)
    assert "two kinds" in events[-1].message
    assert "second folder" in events[-1].advice
    assert not (tmp_path / "run").exists()


@pytest.mark.usefixtures("two_domains")
def test_a_class_that_is_gone_is_named_when_a_run_goes_on(class_folders, tmp_path):
    config = decided(class_folders, domain_a="crocus")
    for name in ("anemone", "bluebell"):
        (tmp_path / name).mkdir()
        draw_pictures(tmp_path / name, 2)
    with pytest.raises(DatasetError, match="crocus"):
        domains_of(scan(tmp_path), config)


@pytest.mark.parametrize("more", [{"second": "crocus"}, {"domain_a": "anemone"}])
def test_a_family_with_one_domain_refuses_a_second(class_folders, more):
    second = class_folders / more.pop("second") if "second" in more else None
    with pytest.raises(SettingsError, match="one set of pictures"):
        decided(class_folders, second, **more)
