"""Connects the strip at the foot of the window with the sessions whose jobs it shows."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from gan_studio.gui.sessions.jobs import JobsSession
from gan_studio.gui.widgets.job_strip import JobStrip


class JobsWiring(QObject):
    """Owns no widget. `exports` writes files from what is there, `downloads` fetches what is not."""

    def __init__(self, strip: JobStrip, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.exports, self.downloads = JobsSession("exports", self), JobsSession("downloads", self)
        for session in (self.exports, self.downloads):
            session.queued.connect(strip.add)
            session.progress.connect(strip.show_progress)
            session.finished.connect(strip.show_done)
            session.failed.connect(strip.show_failed)
            session.cancelled.connect(strip.remove)
            strip.cancel_requested.connect(session.cancel)

    @property
    def busy(self) -> bool:
        """Whether closing the window would call something off."""
        return self.exports.busy or self.downloads.busy

    @Slot()
    def shutdown(self) -> None:
        """Call everything off and end the threads."""
        for session in (self.exports, self.downloads):
            session.shutdown()
