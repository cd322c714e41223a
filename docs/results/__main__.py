"""Train, measure and write down: `python -m docs.results --data FOLDER`. What is done already is not done again."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from docs.results import table
from docs.results.measuring import MEASURES
from docs.results.recipes import MINUTES, RECIPES, Recipe
from docs.results.training import trained
from gan_studio.engine.checkpoint import load_state
from gan_studio.engine.errors import StudioError
from gan_studio.engine.run import RunFolder
from gan_studio.engine.speed import plan_of

DOCS = Path(__file__).resolve().parent.parent
PICTURES = DOCS / "images" / "results"
PAGE = DOCS / "results.md"
BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"


def main() -> int:
    """Returns 1 where a result could not be made; the others are made all the same."""
    asked = _arguments()
    chosen = [recipe for recipe in RECIPES if not asked.only or recipe.name in asked.only]
    failed = [recipe.name for recipe in chosen if not _make(recipe, asked)]
    if not asked.no_page:
        _write_page(asked.work)
    return 1 if failed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m docs.results")
    parser.add_argument("--data", type=Path, required=True, help="the folder of the real pictures")
    parser.add_argument("--work", type=Path, default=Path("out/results"), help="where runs and figures are kept")
    parser.add_argument("--only", nargs="*", choices=[recipe.name for recipe in RECIPES], help="these results alone")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="of training, each")
    parser.add_argument("--threads", type=int, default=0, help="processor threads; 0 chooses")
    parser.add_argument("--no-page", action="store_true", help="leave docs/results.md as it is")
    return parser.parse_args()


def _make(recipe: Recipe, asked: argparse.Namespace) -> bool:
    target = asked.work / f"{recipe.name}.json"
    if target.is_file():
        return True
    try:
        run = trained(recipe, asked.data, asked.work / "runs", asked.minutes, asked.threads)
        outcomes = [asdict(one) for name in recipe.measures for one in MEASURES[name](run, asked.data / recipe.data)]
    except StudioError as error:
        sys.stderr.write(f"\n{recipe.name}: {error.message} {error.advice}\n")
        return False
    target.write_text(json.dumps({**_facts(run), "outcomes": outcomes}, indent=2))
    sys.stderr.write(f"\n{recipe.name}: {outcomes}\n")
    return True


def _facts(run: RunFolder) -> dict[str, Any]:
    path = run.state_to_resume()
    state = load_state(path)
    counters = state["counters"]
    return {
        "plan": plan_of(state, path).describe(),
        "images": counters["images"],
        "minutes": counters["seconds"] / 60,
        "grid": str(list(run.sample_files().values())[-1].resolve()),
    }


def _write_page(work: Path) -> None:
    """Put table, commands and grids between the marks of the page; what is written around them stays."""
    found = [(recipe, file) for recipe in RECIPES if (file := work / f"{recipe.name}.json").is_file()]
    results = [(recipe, json.loads(file.read_text())) for recipe, file in found]
    before, rest = PAGE.read_text().split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n\n{_page(results)}\n{END}{after}")


def _page(results: Sequence[tuple[Recipe, dict[str, Any]]]) -> str:
    lines = [row for recipe, result in results for row in table.rows(recipe, result)]
    sections = [table.section(recipe, result, _picture(recipe, result)) for recipe, result in results]
    return "\n".join([table.table(lines), "", *sections])


def _picture(recipe: Recipe, result: dict[str, Any]) -> str:
    PICTURES.mkdir(parents=True, exist_ok=True)
    shutil.copy(result["grid"], PICTURES / f"{recipe.name}.png")
    return f"images/results/{recipe.name}.png"


if __name__ == "__main__":
    sys.exit(main())
