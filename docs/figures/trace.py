"""What a network is made of, read off while it computes: each layer with the shape that it hands on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn

FOLDED = (nn.modules.batchnorm._BatchNorm, nn.modules.instancenorm._InstanceNorm, nn.modules.dropout._DropoutNd)
"""Named beside the layer before them, as activations are."""
SHORT = {
    "BatchNorm": "BN",
    "InstanceNorm": "IN",
    "LeakyReLU": "LReLU",
    "ConvTranspose": "ConvT",
    "MinibatchDeviation": "minibatch deviation",
    "PixelNorm": "pixel norm",
    "Upsample": "enlarge",
    "AvgPool": "halve",
}
SILENT = (nn.Flatten, nn.Unflatten, nn.Identity)


@dataclass
class Row:
    """One layer, and what directly follows it."""

    words: list[str]
    shape: tuple[int, ...]
    """Of one sample, as handed on."""
    parameters: int
    times: int = 1
    """How often it comes in a row."""

    @property
    def text(self) -> str:
        return " · ".join(self.words)


@dataclass
class Network:
    """A network's layers in the order in which they computed."""

    name: str
    parameters: int
    rows: list[Row] = field(default_factory=list)


def traced(networks: Mapping[str, nn.Module], compute: Callable[[], Any]) -> list[Network]:
    """Run `compute` and note what each network did the first time it was called."""
    found = [Network(name, sum(p.numel() for p in network.parameters())) for name, network in networks.items()]
    with ExitStack() as hooks:
        for network, drawn in zip(networks.values(), found, strict=True):
            hooks.enter_context(_noting(network, drawn))
        compute()
    for drawn in found:
        drawn.rows = list(collapsed(drawn.rows))
    return [drawn for drawn in found if drawn.rows]


@contextmanager
def _noting(network: nn.Module, drawn: Network) -> Iterator[None]:
    seen: set[nn.Module] = set()

    def note(module: nn.Module, _inputs: Any, output: Any) -> None:
        if module in seen or not isinstance(output, Tensor):
            return
        seen.add(module)
        _add(drawn.rows, module, tuple(output.shape[1:]))

    handles = [module.register_forward_hook(note) for module in _layers(network)]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _layers(network: nn.Module) -> Iterator[nn.Module]:
    """What has weights itself, or has no parts; the parts of what is drawn are not drawn beside it."""
    if isinstance(getattr(network, "weight", None), Tensor) or not any(True for _ in network.children()):
        yield network
    else:
        for part in network.children():
            yield from _layers(part)


def _add(rows: list[Row], module: nn.Module, shape: tuple[int, ...]) -> None:
    if isinstance(module, SILENT):
        if rows:
            rows[-1].shape = shape
        return
    parameters = sum(p.numel() for p in module.parameters(recurse=False))
    folded = isinstance(module, FOLDED) or not (parameters or rows[-1:] == [])
    if folded and rows:
        rows[-1].words.append(words(module))
        rows[-1].shape = shape
        rows[-1].parameters += parameters
    else:
        rows.append(Row([words(module)], shape, parameters))


def words(module: nn.Module) -> str:
    """`Conv 3×3 stride 2`: kind, kernel, stride."""
    kind = type(module).__name__.removesuffix("2d").removesuffix("1d").removeprefix("Equalised")
    name = SHORT.get(kind, kind)
    weight = getattr(module, "weight", None)
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        stride = f" stride {module.stride[0]}" if module.stride[0] > 1 else ""
        return f"{name} {module.kernel_size[0]}×{module.kernel_size[1]}{stride}"
    if isinstance(weight, Tensor) and weight.dim() == 4:
        return f"{name} {weight.shape[2]}×{weight.shape[3]}"
    return name


def collapsed(rows: list[Row]) -> Iterator[Row]:
    """Rows that repeat, alone or in groups of up to four, once with their number."""
    place = 0
    while place < len(rows):
        length, times = _repetition(rows, place)
        for row in rows[place : place + length]:
            row.times = times
            row.parameters *= times
            yield row
        place += length * times


def _repetition(rows: list[Row], place: int) -> tuple[int, int]:
    for length in (1, 2, 3, 4):
        group = [(row.text, row.shape) for row in rows[place : place + length]]
        times = 1
        while group == [(row.text, row.shape) for row in rows[place + times * length : place + (times + 1) * length]]:
            times += 1
        if times > 1:
            return length, times
    return 1, 1
