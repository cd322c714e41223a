"""What is said about one run that is looked at closely: read from its small files. Imports no torch."""

from __future__ import annotations

import json
import math
import struct
from contextlib import suppress
from pathlib import Path

from gan_studio.engine.errors import StudioError
from gan_studio.engine.run import RunFolder
from gan_studio.engine.run_list import tail

LOG_LINES = 12
_MOST_HEADER_BYTES = 16 * 2**20


def count_weights(generator: Path) -> int:
    """Numbers in a generator file, from its header alone; 0 where that cannot be read."""
    try:
        with generator.open("rb") as file:
            header_bytes = struct.unpack("<Q", file.read(8))[0]
            header = json.loads(file.read(header_bytes)) if header_bytes <= _MOST_HEADER_BYTES else {}
        return sum(math.prod(entry["shape"]) for name, entry in header.items() if name != "__metadata__")
    except (OSError, struct.error, ValueError, TypeError, KeyError, AttributeError):
        return 0


def newest_sizes(run: RunFolder) -> tuple[int, int, int]:
    """Of the newest checkpoint: weights of the generator, bytes of its file, bytes of the training state."""
    weights = generator_bytes = state_bytes = 0
    with suppress(StudioError, OSError):
        generator = run.newest_generator()
        weights, generator_bytes = count_weights(generator), generator.stat().st_size
    with suppress(StudioError, OSError):
        state_bytes = run.state_to_resume().stat().st_size
    return weights, generator_bytes, state_bytes


def log_lines(run: RunFolder, most: int = LOG_LINES) -> tuple[str, ...]:
    """The end of `log.txt`, oldest line first."""
    return tuple(tail(run.log_file).splitlines()[-most:])
