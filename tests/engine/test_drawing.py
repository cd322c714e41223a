"""Random numbers of a batch: several processes together draw what one would."""

import pytest
import torch

from gan_studio.engine.data.augment import adaptive_augment, diff_augment
from gan_studio.engine.latent import drawing
from gan_studio.engine.latent.drawing import Share

BATCH = 8


@pytest.fixture(autouse=True)
def alone():
    yield
    drawing.set_share(Share())


def drawn(draw, count=1):
    """What `count` processes draw, each its share of the batch, put together."""
    parts = []
    for rank in range(count):
        drawing.set_share(Share(rank, count))
        torch.manual_seed(3)
        parts.append(draw(slice(rank * BATCH // count, (rank + 1) * BATCH // count), BATCH // count))
        parts.append(torch.rand(1))
    assert len({float(after) for after in parts[1::2]}) == 1, "the random states of the processes differ"
    return torch.cat(parts[::2])


@pytest.mark.parametrize("prior", ["normal", "uniform", "sphere"])
def test_latents(prior):
    def draw(_, n):
        return drawing.latents(n, 6, prior=prior, device="cpu")

    assert torch.equal(drawn(draw, 4), drawn(draw))


@pytest.mark.parametrize(
    "draw",
    [
        lambda _, n: drawing.rand(n, 3, device="cpu"),
        lambda _, n: drawing.rand(2, n, device="cpu", batch=1).T,
        lambda _, n: drawing.randn(n, 1, 4, 4, device="cpu"),
        lambda _, n: drawing.randint(0, 9, n, 2, device="cpu"),
        lambda _, n: drawing.randn_like(torch.zeros(n, 3, 4, 4)),
        lambda _, n: drawing.randn_like(torch.zeros(n, 3, 4, 4).to(memory_format=torch.channels_last)),
        lambda _, n: drawing.Dropout(0.3)(torch.ones(n, 5)),
        lambda _, n: drawing.Dropout2d(0.3)(torch.ones(n, 5, 2, 2)),
    ],
)
def test_each_kind_of_number(draw):
    assert torch.equal(drawn(draw, 2), drawn(draw))
    assert not torch.equal(drawn(draw)[: BATCH // 2], drawn(draw)[BATCH // 2 :])


@pytest.mark.parametrize("augment", [diff_augment, lambda pictures: adaptive_augment(pictures, torch.tensor(0.7))])
def test_augmentations(augment):
    pictures = torch.rand(BATCH, 3, 8, 8, generator=torch.Generator().manual_seed(1)) * 2 - 1
    assert torch.allclose(
        drawn(lambda mine, _: augment(pictures[mine]), 2), drawn(lambda mine, _: augment(pictures[mine]))
    )


def test_one_process_draws_torchs_own_numbers():
    torch.manual_seed(5)
    expected = torch.randn(BATCH, 4), torch.rand(2, BATCH), torch.nn.functional.dropout(torch.ones(BATCH, 4), 0.5)
    torch.manual_seed(5)
    found = (
        drawing.randn(BATCH, 4, device="cpu"),
        drawing.rand(2, BATCH, device="cpu", batch=1),
        drawing.Dropout(0.5)(torch.ones(BATCH, 4)),
    )
    assert all(torch.equal(a, b) for a, b in zip(expected, found, strict=True))


def test_nothing_is_dropped_in_evaluation():
    drawing.set_share(Share(1, 2))
    assert torch.equal(drawing.Dropout(0.9).eval()(torch.ones(4, 4)), torch.ones(4, 4))
