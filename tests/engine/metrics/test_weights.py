"""Networks of others: built empty, filled from files made here, in which all weights are drawn at random."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
import torchvision

from gan_studio.engine.errors import CheckpointError
from gan_studio.engine.metrics.features import InceptionFeatures
from gan_studio.engine.metrics.measure import measures_called
from gan_studio.engine.metrics.perceptual import lpips_distance
from gan_studio.engine.metrics.weights import find_weights
from tests.engine.metrics.pictures import discs
from tests.engine.metrics.subjects import subject


@pytest.fixture(scope="module")
def inception(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As large as the real file, with weights that keep values in bounds."""
    fidelity = pytest.importorskip("torch_fidelity.feature_extractor_inceptionv3")
    generator = torch.Generator().manual_seed(0)
    with torch.device("meta"), pytest.MonkeyPatch.context() as patch:
        patch.setattr(fidelity, "load_state_dict_from_url", lambda *given, **named: {})
        patch.setattr(fidelity.FeatureExtractorInceptionV3, "load_state_dict", lambda self, state: None)
        network = fidelity.FeatureExtractorInceptionV3("x", ["2048"])
    state = {}
    for name, tensor in network.state_dict().items():
        fan = tensor[0].numel() if tensor.ndim > 1 else 1
        drawn = torch.randn(tensor.shape, generator=generator) * (2 / fan) ** 0.5
        state[name] = drawn if tensor.ndim > 1 else torch.ones(tensor.shape, dtype=tensor.dtype)
    path = tmp_path_factory.mktemp("weights") / "any name.pth"
    torch.save(state, path)
    return path


def test_inception_is_known_by_what_it_holds_and_gives_2048_features(inception: Path) -> None:
    assert find_weights([inception]).inception == inception
    before = torch.get_rng_state()
    network = InceptionFeatures(inception)
    pictures = torch.arange(2 * 256).view(2, 1, 16, 16).remainder(256).to(torch.uint8)
    features = network(pictures)
    assert features.shape == (2, 2048)
    assert features.isfinite().all()
    assert features.std() > 0
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("name", ["kid", pytest.param("fid", marks=pytest.mark.slow)])
def test_with_weights_it_runs_and_says_from_how_few_pictures(name: str, inception: Path) -> None:
    given = subject(discs(6, 16), discs(3, 16, seed=1), weights=find_weights([inception]))
    measure, precision = measures_called((name, "precision"))
    assert measure.why_not(given) == ""
    before = torch.get_rng_state()
    found = measure.measure(given)
    assert found.floor is not None
    assert found.note.startswith("from 3 pictures; published values are from 50,000")
    assert precision.measure(given).note == "in Inception"
    assert torch.equal(torch.get_rng_state(), before)


def test_lpips_runs_with_the_weights_of_vgg(tmp_path: Path) -> None:
    generator = torch.Generator().manual_seed(0)
    with torch.device("meta"):
        empty = torchvision.models.vgg16(weights=None).features.state_dict()
    state = {
        f"features.{name}": torch.randn(tensor.shape, generator=generator) * 0.05 for name, tensor in empty.items()
    }
    torch.save(state, tmp_path / "vgg.pth")
    weights = find_weights([tmp_path / "vgg.pth"])
    assert weights.vgg == tmp_path / "vgg.pth"
    before = torch.get_rng_state()
    assert weights.vgg is not None
    distance = lpips_distance(weights.vgg)
    a, b = discs(2, 32), discs(2, 32, seed=1)
    assert distance(a, a).tolist() == [0, 0]
    assert (distance(a, b) > 0).all()
    assert torch.equal(torch.get_rng_state(), before)


def test_another_inception_is_refused_by_name(inception: Path, tmp_path: Path) -> None:
    state = torch.load(inception, weights_only=True)
    torch.save({**state, "fc.bias": torch.zeros(1000)}, tmp_path / "other.pth")
    with pytest.raises(CheckpointError, match="not the one of FID: it knows 1000 classes"):
        find_weights([tmp_path / "other.pth"])


def test_what_is_no_weights_is_refused(tmp_path: Path) -> None:
    torch.save({"a": torch.zeros(3)}, tmp_path / "a.pth")
    torch.save({"code": print}, tmp_path / "code.pth")
    with pytest.raises(CheckpointError, match="neither Inception nor VGG-16"):
        find_weights([tmp_path / "a.pth"])
    for name in ("code.pth", "absent.pth"):
        with pytest.raises(CheckpointError, match="cannot be read as weights"):
            find_weights([tmp_path / name])
