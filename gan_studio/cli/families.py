"""`gan-studio families`: which kinds of GAN there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gan_studio.cli.arguments import parse
from gan_studio.cli.console import put, put_json
from gan_studio.engine.settings import describe


@dataclass(frozen=True)
class FamiliesArguments:
    json: bool = False
    """Print names, settings and limits as JSON."""


def run(arguments: Sequence[str]) -> int:
    parsed = parse(FamiliesArguments, "families", arguments, "List the kinds of GAN.")
    from gan_studio.engine.families import all_families

    if parsed.json:
        put_json(
            {
                name: {
                    "title": family.title,
                    "summary": family.summary,
                    "data": family.data().explanation,
                    "settings": {info.name: vars(info) for info in describe(family.Config)},
                }
                for name, family in all_families().items()
            }
        )
    else:
        for name, family in all_families().items():
            put(f"{name:<12}{family.title}: {family.summary}")
    return 0
