"""What sessions hand to pages: plain values and numpy pictures, one file a subject. Imports neither Qt nor torch.

Sessions make these in their threads; pages only show them.
"""

from gan_studio.engine.request import ResumeRequest, TrainingRequest
from gan_studio.gui.views.dataset import DatasetView
from gan_studio.gui.views.family import FamilyForm
from gan_studio.gui.views.jobs import JobResult
from gan_studio.gui.views.models import ModelView, Picture, Viewpoint
from gan_studio.gui.views.runs import RunDetails, RunStanding, RunSummary, RunView, StartView, TrashedRun, TrashView

__all__ = [
    "DatasetView",
    "FamilyForm",
    "JobResult",
    "ModelView",
    "Picture",
    "ResumeRequest",
    "RunDetails",
    "RunStanding",
    "RunSummary",
    "RunView",
    "StartView",
    "TrainingRequest",
    "TrashView",
    "TrashedRun",
    "Viewpoint",
]
