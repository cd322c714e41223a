"""Finds the program's icons and its small trained generator. Imports neither Qt nor torch."""

from __future__ import annotations

from pathlib import Path

_INSTALLED = Path(__file__).resolve().parent / "assets_files"
_CHECKOUT = Path(__file__).resolve().parent.parent / "assets"


def asset_path(*parts: str) -> Path:
    """Path of a file or folder among the assets, in an installed package as well as in a checkout.

    Raises FileNotFoundError when it is in neither: the installation is incomplete.
    """
    for root in (_INSTALLED, _CHECKOUT):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError(f"{'/'.join(parts)} is missing from the program's assets: install GAN Studio again.")


def trained_example() -> Path | None:
    """The small generator that comes with the program; None where it was left out."""
    try:
        return asset_path("trained_example.safetensors")
    except FileNotFoundError:
        return None
