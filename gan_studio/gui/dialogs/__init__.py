"""The questions the window asks, and the sheets it shows; one sheet a file."""

from gan_studio.gui.dialogs.questions import (
    MODEL_FILTER,
    Closing,
    application,
    ask_about_jobs,
    ask_before_closing,
    ask_file,
    ask_folder,
)

__all__ = [
    "MODEL_FILTER",
    "Closing",
    "application",
    "ask_about_jobs",
    "ask_before_closing",
    "ask_file",
    "ask_folder",
]
