"""What is asked of a trainer through its run folder: small files, each written by whoever watches. Imports no torch.

`requests/<id>.json` holds `{"id": …, "word": "pause", "time": …}`. The trainer takes it away and says in `status.json`
that it is answered. Whoever may write into the folder may ask; what lies there is believed no further than that: other
names, links, pipes, long files, unknown words and damaged ones change nothing but the log.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gan_studio.engine.errors import RunError
from gan_studio.engine.files import atomic_write, make_folder, read_small

FOLDER_NAME = "requests"
Word = Literal["pause", "resume", "stop", "sample", "checkpoint"]
WORDS: tuple[Word, ...] = get_args(Word)
MOST_BYTES = 1024
MOST_FILES = 256
"""Read in one go, of so many names: a folder that somebody filled costs the trainer no more time than that."""
MOST_NAMES = 4096
MOST_ROUNDS = 1000
"""Of clearing away, so that whoever goes on filling the folder keeps no training from its start."""
MOST_COMPLAINTS = 20
"""Lines in the log about what was ignored."""
MOST_PASSED_OVER = 10_000
_NAME = re.compile(r"[0-9a-f]{32}\.json")


class Request(BaseModel):
    """Something that is asked of a trainer."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    word: Word
    time: Annotated[float, Field(allow_inf_nan=False)]
    """Seconds since 1970 by the clock of whoever asks; for people who look into the folder."""


def post(run: Path, word: Word) -> str:
    """Ask the trainer of this run for something; returns the id that `status.json` names once it is answered.

    Raises RunError where nothing can be written, or the run or its folder of requests is not where it was.
    """
    request, folder = Request(id=uuid.uuid4().hex, word=word, time=time.time()), run / FOLDER_NAME
    if not run.is_dir() or folder.is_symlink():
        gone = folder if run.is_dir() else run
        raise RunError(f"{gone} is no folder that a trainer looks into.", "Open the run again, where it is now.")
    make_folder(folder)
    with atomic_write(_file(run, request.id), durable=False) as file:
        file.write(request.model_dump_json().encode())
    return request.id


def withdraw(run: Path, request: str) -> None:
    """Ask no longer: a trainer that comes back after a while must not do what nobody waits for."""
    with suppress(OSError):
        _file(run, request).unlink()


class RequestsFolder:
    """The trainer's side."""

    def __init__(self, run: Path, complain: Callable[[str], None]) -> None:
        """`complain` takes a line for the log about what is ignored."""
        self._folder = run / FOLDER_NAME
        self._complain = complain
        self._complaints = 0
        self._passed_over: set[str] = set()

    def clear(self) -> None:
        """Take away what was asked of an earlier trainer: a Stop that nobody heard must not end this training."""
        with suppress(RunError):
            make_folder(self._folder)
        for _ in range(MOST_ROUNDS):
            cleared = [name for name in self._names() if self._delete(name)]
            for name in cleared:
                self._ignore(name, "it was asked of an earlier training")
            if not cleared:
                return

    def take(self) -> list[Request]:
        """What was asked for since the last look, each once."""
        return [request for name in self._names() if (request := self._read(name)) and self._delete(name)]

    def _names(self) -> list[str]:
        """Files that look like requests. Others stay where they are, and are in nobody's way."""
        named = (name for name in self._listed() if name not in self._passed_over and self._is_request(name))
        return list(islice(named, MOST_FILES))

    def _listed(self) -> Iterator[str]:
        with suppress(OSError):
            if not self._folder.is_symlink():
                yield from (path.name for path in islice(self._folder.iterdir(), MOST_NAMES))

    def _is_request(self, name: str) -> bool:
        if _NAME.fullmatch(name):
            return True
        if not name.startswith("."):  # those are being written
            self._pass_over(name, "it is no request")
        return False

    def _read(self, name: str) -> Request | None:
        try:
            request = Request.model_validate_json(read_small(self._folder / name, MOST_BYTES))
            if request.id + ".json" == name:
                return request
            reason = "it says another id"
        except OSError as error:
            reason = error.strerror or "it cannot be read"
        except ValidationError as error:
            reason = f"damaged, or an unknown word ({error.errors()[0]['msg']})"
        self._ignore(name, reason)
        self._delete(name)
        return None

    def _delete(self, name: str) -> bool:
        """False where it is still there: it would be carried out again and again."""
        try:
            (self._folder / name).unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            self._pass_over(name, f"it cannot be taken away ({error.strerror})")
            return False
        return True

    def _pass_over(self, name: str, reason: str) -> None:
        if name not in self._passed_over:
            if len(self._passed_over) < MOST_PASSED_OVER:
                self._passed_over.add(name)
            self._ignore(name, reason)

    def _ignore(self, name: str, reason: str) -> None:
        self._complaints += 1
        if self._complaints <= MOST_COMPLAINTS:
            last = " Further ones are ignored without a word." if self._complaints == MOST_COMPLAINTS else ""
            self._complain(f"Ignored {FOLDER_NAME}/{name[:80]!r}: {reason}.{last}")


def _file(run: Path, request: str) -> Path:
    return run / FOLDER_NAME / f"{request}.json"
