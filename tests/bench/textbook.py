"""A plain DCGAN loop as the well-known tutorials have it: what our training is compared with. It is frozen.

fp32, NCHW, a folder of 64 × 64 PNG read by torchvision and two workers, binary cross entropy on logits, plain Adam,
three passes through D, gradients for D also where only G learns, and each loss read in each step. Networks and numbers
are those of Radford 2015. Nothing here is to be made faster: every speed that we state is a ratio to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.optim import Adam
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import ImageFolder

SIZE = 64
LATENT = 100
WIDTHS = (512, 256, 128, 64)
RATE, BETAS = 2e-4, (0.5, 0.999)
WORKERS = 2


class TextbookDCGAN:
    """Networks, loss, optimisers and one step over them."""

    def __init__(self, device: str = "cpu") -> None:
        self.device = torch.device(device)
        self.generator = _generator().apply(_initialise).to(self.device)
        self.discriminator = _discriminator().apply(_initialise).to(self.device)
        self._criterion = nn.BCEWithLogitsLoss()
        self._d_optimizer = Adam(self.discriminator.parameters(), lr=RATE, betas=BETAS)
        self._g_optimizer = Adam(self.generator.parameters(), lr=RATE, betas=BETAS)

    def step(self, reals: Tensor) -> tuple[float, float]:
        """One update of D and one of G. Reals are `[N, 3, 64, 64]` in [-1, 1]. Returns the losses of D and G."""
        reals = reals.to(self.device)
        ones = torch.ones(len(reals), device=self.device)
        zeros = torch.zeros(len(reals), device=self.device)
        self.discriminator.zero_grad()
        real_loss = self._criterion(self.discriminator(reals).view(-1), ones)
        real_loss.backward()
        fakes = self.generator(torch.randn(len(reals), LATENT, 1, 1, device=self.device))
        fake_loss = self._criterion(self.discriminator(fakes.detach()).view(-1), zeros)
        fake_loss.backward()
        self._d_optimizer.step()
        self.generator.zero_grad()
        g_loss = self._criterion(self.discriminator(fakes).view(-1), ones)
        g_loss.backward()
        self._g_optimizer.step()
        return real_loss.item() + fake_loss.item(), g_loss.item()


def batches(folder: Path, batch_size: int) -> Iterator[Tensor]:
    """Pictures of a folder of class folders, epoch after epoch without end."""
    loader = DataLoader(_pictures(folder), batch_size=batch_size, shuffle=True, num_workers=WORKERS, drop_last=True)
    while True:
        for images, _ in loader:
            yield images


def resident_batches(folder: Path, batch_size: int, device: str) -> Iterator[Tensor]:
    """The same as one float tensor that lies on the device already: what is left without any loading."""
    images = torch.stack([image for image, _ in _pictures(folder)]).to(device)
    while True:
        order = torch.randperm(len(images), device=device)
        for start in range(0, len(images) - batch_size + 1, batch_size):
            yield images[order[start : start + batch_size]]


def _pictures(folder: Path) -> ImageFolder:
    prepare = transforms.Compose(
        [
            transforms.Resize(SIZE),
            transforms.CenterCrop(SIZE),
            transforms.ToTensor(),
            transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
        ]
    )
    return ImageFolder(str(folder), prepare)


def _generator() -> nn.Sequential:
    layers: list[nn.Module] = [nn.ConvTranspose2d(LATENT, WIDTHS[0], 4, 1, 0, bias=False)]
    for coarse, fine in pairwise(WIDTHS):
        layers += [nn.BatchNorm2d(coarse), nn.ReLU(True), nn.ConvTranspose2d(coarse, fine, 4, 2, 1, bias=False)]
    last = nn.ConvTranspose2d(WIDTHS[-1], 3, 4, 2, 1, bias=False)
    return nn.Sequential(*layers, nn.BatchNorm2d(WIDTHS[-1]), nn.ReLU(True), last, nn.Tanh())


def _discriminator() -> nn.Sequential:
    layers: list[nn.Module] = [nn.Conv2d(3, WIDTHS[-1], 4, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True)]
    for fine, coarse in pairwise(WIDTHS[::-1]):
        layers += [
            nn.Conv2d(fine, coarse, 4, 2, 1, bias=False),
            nn.BatchNorm2d(coarse),
            nn.LeakyReLU(0.2, inplace=True),
        ]
    return nn.Sequential(*layers, nn.Conv2d(WIDTHS[0], 1, 4, 1, 0, bias=False))


def _initialise(module: nn.Module) -> None:
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)
