"""The pictures of a set by domain: one for most families, A and B for those that translate. Imports no torch."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gan_studio.engine.data.mixing import mix
from gan_studio.engine.data.pictures import PictureSet
from gan_studio.engine.errors import DatasetError, SettingsError

EXAMPLES = 8
"""Pictures of each domain that a run shows again and again."""
USUAL_PAIRS = (("trainA", "trainB"), ("A", "B"))
"""Folders of the well-known data sets for translation; their testA and testB are left alone."""
_DOMAIN_STREAM, _EXAMPLE_STREAM, _CROP_STREAM = 0x444F4D, 0x455841, 0x435250


@dataclass(frozen=True)
class Domain:
    """Sorted int64 numbers of the pictures of one domain."""

    trained_on: np.ndarray
    held_out: np.ndarray
    seed: int
    """Of what is drawn from this domain."""

    @property
    def shown(self) -> np.ndarray:
        """Those that examples are taken from: held-out ones where there are any."""
        return self.held_out if len(self.held_out) else self.trained_on


def chosen_pair(classes: tuple[str, ...], first: str = "", second: str = "") -> tuple[str, str]:
    """The classes that are A and B, of two at least: those asked for, else a usual pair, else the first in order.

    Raises SettingsError for a name that is none of the classes, and for one class as both.
    """
    for name in (first, second):
        if name and name not in classes:
            raise SettingsError(f"There is no class “{name}” here.", f"There are: {', '.join(classes[:20])}.")
    if first and first == second:
        raise SettingsError(f"A and B are both “{first}”.", "Choose two different classes.")
    usual = next((pair for pair in USUAL_PAIRS if set(pair) <= set(classes)), ())
    rest = iter([name for name in dict.fromkeys((*usual, *classes)) if name not in (first, second)])
    return first or next(rest), second or next(rest)


def split(
    pictures: PictureSet, domains: Sequence[str], share: float, seed: int, names: Collection[str] = ()
) -> dict[str, Domain]:
    """Which pictures belong to which domain, and which of them are held out, the same for the same seed.

    A single domain has all pictures. Of several, the n-th has those of the n-th class. Held out are those with one of
    the `names`, or where there are no names a share. Raises DatasetError where a domain has none to train on.
    """
    if len(domains) == 1:
        return {domains[0]: _divided(pictures, np.arange(len(pictures)), share, seed, names)}
    return {name: _of_class(pictures, name, number, share, seed, names) for number, name in enumerate(domains)}


def examples(pictures: PictureSet, domains: Mapping[str, Domain]) -> dict[str, np.ndarray]:
    """`EXAMPLES` pictures of each domain, uint8 `[EXAMPLES, H, W, C]`; some twice where there are fewer.

    Of pictures larger than what is trained on, crops by chance, so that none is twice the same.
    """
    return {name: _examples(pictures, domain) for name, domain in domains.items()}


def _examples(pictures: PictureSet, domain: Domain) -> np.ndarray:
    numbers = _drawn(domain, domain.shown, EXAMPLES)
    if pictures.whole is None:
        return pictures.take(numbers)
    return pictures.whole.crops(pictures.rows_of(numbers), mix(domain.seed, _CROP_STREAM, counter=np.arange(EXAMPLES)))


def reals(pictures: PictureSet, domains: Mapping[str, Domain], count: int, columns: int) -> np.ndarray:
    """Pictures for a grid of reals, uint8 `[n, H, W, C]`, `count` at most: the rows of each domain below the other's.

    Of a single domain as many as there are, of several as many as fill their rows.
    """
    if len(domains) == 1:
        (domain,) = domains.values()
        everything = np.concatenate([domain.trained_on, domain.held_out])
        chosen = np.random.default_rng(domain.seed).choice(len(everything), min(count, len(everything)), replace=False)
        return pictures.take(np.sort(everything)[np.sort(chosen)])
    each = max(1, count // columns // len(domains)) * columns
    return np.concatenate([pictures.take(_drawn(domain, domain.trained_on, each)) for domain in domains.values()])


def _divided(pictures: PictureSet, members: np.ndarray, share: float, seed: int, names: Collection[str]) -> Domain:
    if names:
        return Domain(*pictures.held_out_by_name(names, members), seed)
    return Domain(*pictures.held_out(share, seed, members), seed)


def _of_class(pictures: PictureSet, name: str, number: int, share: float, seed: int, names: Collection[str]) -> Domain:
    members = np.flatnonzero(pictures.labels == number)
    if not len(members):
        raise DatasetError(f"No picture of domain {name} can be used.", "Look at what was skipped, and why.")
    # Equal numbers of pictures must not be drawn in equal orders: pairs would be shown together for ever
    own_seed = int(mix(seed, _DOMAIN_STREAM, counter=np.array([number]))[0] >> np.uint64(33))
    return _divided(pictures, members, share, own_seed, names)


def _drawn(domain: Domain, members: np.ndarray, count: int) -> np.ndarray:
    """`count` of these pictures by chance, in their order, and from the first again where there are fewer."""
    order = np.argsort(mix(domain.seed, _EXAMPLE_STREAM, counter=np.arange(len(members))), kind="stable")
    return np.resize(members[np.sort(order[:count])], count)
