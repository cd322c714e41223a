"""What a training would start with, and what keeps it from starting."""

from __future__ import annotations

from gan_studio.gui.pages.train.control_column import ControlColumn
from gan_studio.gui.pages.train.data_view import DataView
from gan_studio.gui.views import DatasetView, TrainingRequest

FEWEST_CLASSES = 2


class Readiness:
    """Reads what was chosen: pictures, their domains, the family and its settings."""

    def __init__(self, controls: ControlColumn, data_view: DataView) -> None:
        self._controls, self._data_view = controls, data_view
        self.dataset: DatasetView | None = None
        """What was looked at last."""
        self.looking = False
        """Whether pictures are being looked at: what was there before is not to be trained on any more."""
        self.engine_problem = ""
        """Why nothing can be trained in this installation."""

    def request(self) -> TrainingRequest | None:
        """What Train would ask for now; None while something is missing or wrong."""
        if self.dataset is None or self.obstacle():
            return None
        controls = self._controls
        settings, start = controls.settings, controls.start_chip.start
        domain_a, domain_b = controls.data_card.domains.classes()
        return TrainingRequest(
            source=self.dataset.source,
            second_source=self.dataset.second,
            domain_a=domain_a,
            domain_b=domain_b,
            family=settings.family(),
            family_settings=settings.values("family"),
            data=settings.values("data"),
            training=settings.values("training"),
            start_from=start.path if start else None,
            excluded=self._data_view.taken_out(),
        )

    def obstacle(self) -> str:
        """Why training cannot start; empty when it can."""
        if self.looking:
            return "The pictures are still being looked at."
        if self.dataset is None:
            return "Choose pictures to train on."
        if not self._controls.settings.ready:
            return self.engine_problem or "The engine is still loading."
        unfit = self._unfit(self.dataset)
        return unfit or self._controls.settings.problem() or self._data_view.problem()

    def _unfit(self, dataset: DatasetView) -> str:
        """Why the chosen family cannot train on these pictures."""
        family = self._controls.settings.chosen_family()
        if family is None:
            return ""
        if family.needs_classes and len(dataset.classes) < FEWEST_CLASSES:
            return f"{family.title} needs classes: {family.explanation}"
        if bool(family.shapes) is not dataset.points:
            return f"{family.title}: choose {'a shape of points' if family.shapes else 'pictures to train on'}."
        return self._controls.data_card.domains.problem(family.title)
