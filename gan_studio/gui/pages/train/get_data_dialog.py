"""Offers public data sets to be fetched, with what somebody wants to know before."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gan_studio.gui.icons import icon
from gan_studio.gui.quantities import memory
from gan_studio.gui.theme import SPACING
from gan_studio.gui.views.dataset import DownloadOffer

_LIST_WIDTH = 230


class GetDataDialog(QDialog):
    """A list on the left, one set on the right. Fetches nothing itself."""

    wanted = Signal(object)
    """DownloadOffer: to be fetched and opened, or only opened where it is there."""

    def __init__(self, offers: Sequence[DownloadOffer], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("get_data_dialog")
        self.setWindowTitle("Get a data set")
        self.resize(700, 460)
        self._offers = offers
        self._build_list()
        self._build_facts()
        self._build_buttons()
        self._build_layout()
        self.list.currentRowChanged.connect(self._show)
        self.list.itemActivated.connect(self._take)
        self.get.clicked.connect(self._take)
        self.close_button.clicked.connect(self.reject)
        self.list.setCurrentRow(0)

    def _build_list(self) -> None:
        self.list = QListWidget()
        self.list.setObjectName("get_data_list")
        self.list.setAccessibleName("Public data sets")
        self.list.setFixedWidth(_LIST_WIDTH)
        for offer in self._offers:
            item = QListWidgetItem(icon("check-circle" if offer.there else "download-simple", "muted"), offer.title)
            item.setToolTip("Is here already" if offer.there else f"{memory(offer.download_bytes)} to download")
            self.list.addItem(item)

    def _build_facts(self) -> None:
        self.title, self.sentence, self.where = QLabel(), QLabel(), QLabel()
        self.title.setProperty("role", "title")
        self.sentence.setWordWrap(True)
        self.where.setWordWrap(True)
        self.where.setProperty("role", "muted")
        self.where.setTextFormat(Qt.TextFormat.PlainText)
        self.facts = {name: QLabel() for name in ("Pictures", "Classes", "Download", "Licence")}
        for label in self.facts.values():
            label.setWordWrap(True)

    def _build_buttons(self) -> None:
        self.get = QPushButton()
        self.get.setObjectName("get_data_button")
        self.get.setProperty("role", "primary")
        self.get.setDefault(True)
        self.close_button = QPushButton("&Close")
        self.close_button.setObjectName("get_data_close")
        self.close_button.setAutoDefault(False)
        self.close_button.setToolTip("Close without getting anything")

    def _build_layout(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(SPACING.l)
        form.setVerticalSpacing(SPACING.s)
        for name, label in self.facts.items():
            caption = QLabel(name)
            caption.setProperty("role", "muted")
            form.addRow(caption, label)
        right = QVBoxLayout()
        right.setSpacing(SPACING.m)
        right.addWidget(self.title)
        right.addWidget(self.sentence)
        right.addLayout(form)
        right.addStretch(1)
        right.addWidget(self.where)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.get)
        right.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACING.l, SPACING.l, SPACING.l, SPACING.l)
        row.setSpacing(SPACING.l)
        row.addWidget(self.list)
        row.addLayout(right, 1)

    @Slot(int)
    def _show(self, row: int) -> None:
        offer = self._offers[row]
        self.title.setText(offer.title)
        self.sentence.setText(offer.sentence)
        for name, text in (
            ("Pictures", offer.pictures),
            ("Classes", offer.classes),
            ("Download", f"about {memory(offer.download_bytes)}" if not offer.there else "here already"),
            ("Licence", offer.licence),
        ):
            self.facts[name].setText(text)
        self.get.setText("&Open" if offer.there else "&Download and open")
        self.get.setIcon(icon("folder-open" if offer.there else "download-simple", "on_accent"))
        self.get.setToolTip("Train on these" if offer.there else "Goes on in the background, and can be called off")
        lies = "It lies at" if offer.there else "It is fetched in the background, and will lie at"
        self.where.setText(f"{lies} {offer.path}")

    @Slot()
    def _take(self) -> None:
        self.accept()
        self.wanted.emit(self._offers[self.list.currentRow()])
