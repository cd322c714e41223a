"""The documentation's results: what is measured of a run, and how the table shows it."""

from __future__ import annotations

from dataclasses import asdict, replace

import numpy as np
from PIL import Image

from docs.results import table
from docs.results.measuring import restoration
from docs.results.recipes import RECIPES
from docs.results.training import trained


def test_srgan_is_measured_after_squared_error_and_after_the_game(tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(4):
        pixels = np.random.default_rng(number).integers(0, 256, (48, 56, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{number}.png")
    whole = next(recipe for recipe in RECIPES if recipe.name == "photos-srgan-x2")
    recipe = replace(
        whole,
        data="photos",
        pictures={"image_size": 32, "held_out_names": "1, 3"},
        settings={**whole.settings, "features": 4, "blocks": 1, "d_features": 2, "warmup_images": 8},
        training={**whole.training, "batch_size": 4, "images": 12, "checkpoint_steps": 1},
    )
    run = trained(recipe, tmp_path, tmp_path / "runs", minutes=1, threads=1)
    psnr, ssim, psnr_of_game, ssim_of_game = restoration(run, folder)
    assert sorted(run.generator_files()) == [0, 1, 2, 3]
    assert psnr.start == psnr_of_game.start and ssim.start == ssim_of_game.start
    assert psnr.end != psnr_of_game.end
    assert psnr.start is not None and psnr.met is (psnr.end >= psnr.start + 0.3)
    assert psnr_of_game.met is None
    result = {"images": 12, "minutes": 0.1, "outcomes": [asdict(psnr), asdict(ssim)]}
    first, second = table.rows(recipe, result)
    assert first[3:6] == ("PSNR in dB, bicubic → after squared error", f"{psnr.start:.2f}", f"{psnr.end:.2f}")
    assert second[0] == second[-1] == ""
