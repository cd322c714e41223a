"""Connects the explorer's page with its session; neither knows the other."""

from __future__ import annotations

from gan_studio.gui.pages.explorer import ExplorerPage
from gan_studio.gui.sessions.explorer import ExplorerSession


def connect_explorer(page: ExplorerPage, session: ExplorerSession) -> None:
    """Everything but `live_requested`, `set_training` and `snapshot_ready`, for which the window knows the training."""
    page.open_requested.connect(session.open_file)
    page.model_provided.connect(session.provide_model)
    page.picture_requested.connect(session.request)
    page.seed_requested.connect(session.request_seed)
    page.save_requested.connect(session.save)
    session.model_opened.connect(page.show_model)
    session.seed_drawn.connect(page.show_seed)
    session.picture_ready.connect(page.show_picture)
    session.model_needed.connect(page.ask_for_model)
    session.failed.connect(page.show_failure)
    session.saved.connect(page.show_saved)
    session.following_changed.connect(page.set_following)
