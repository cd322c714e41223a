"""One table of all results that are there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from docs.results.recipes import Recipe

HEAD = ("result", "images", "minutes", "measured", "start", "end", "floor", "wanted", "")


def rows(recipe: Recipe, result: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """A row for each number of a result; what all share stands in the first."""
    shared = (f"[{recipe.title}](#{recipe.name})", f"{result['images']:,}", f"{result['minutes']:.1f}")
    for outcome in result["outcomes"]:
        yield (
            *shared,
            outcome["what"],
            *(_number(outcome[which], outcome.get("decimals", 1)) for which in ("start", "end", "floor")),
            outcome["wanted"],
            {True: "met", False: "**not met**", None: ""}[outcome["met"]],
        )
        shared = ("", "", "")


def section(recipe: Recipe, result: dict[str, Any], picture: str) -> str:
    """The command that makes a result, the plan it ran with, and its last grid."""
    return "\n".join(
        (
            f"### {recipe.name}",
            "",
            f"{recipe.title} on {recipe.data}: {result['plan']}.",
            "",
            "```",
            recipe.command(),
            "```",
            "",
            f"![The last grid of {recipe.name}]({picture})",
            "",
        )
    )


def table(lines: Sequence[Sequence[str]]) -> str:
    """Markdown."""
    return "\n".join(f"| {' | '.join(line)} |" for line in (HEAD, ["---"] * len(HEAD), *lines))


def _number(value: float | None, decimals: int) -> str:
    return "" if value is None else f"{value:.3g}" if abs(value) < 1 else f"{value:.{decimals}f}"
