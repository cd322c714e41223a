"""The command line: the same engine as the window, with no Qt. One file a command.

Exit codes: 0 done, 1 the work failed with one clear line on stderr, 2 wrong usage.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

from gan_studio import __version__
from gan_studio.engine.errors import StudioError

COMMANDS = {
    "scan": "look at a folder or zip of pictures and say what is in it",
    "train": "train a GAN on a folder or zip, or continue a run",
    "runs": "list what was trained so far",
    "ask": "ask a training elsewhere to pause, resume, stop, sample or checkpoint",
    "sample": "make pictures from a run or a generator file",
    "export": "take a generator to other programs, as safetensors or ONNX",
    "film": "make a film of how a run learned",
    "evaluate": "measure how far a generator's pictures are from real ones",
    "families": "list the kinds of GAN and their settings",
    "demo": "draw the demonstration pictures",
    "get": "fetch a public data set, such as mnist or cifar-10",
    "bench": "measure how fast this machine trains and samples",
}
USAGE, FAILED, DONE = 2, 1, 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0] in ("-h", "--help"):
        _print_help()
        return DONE if arguments else USAGE
    if arguments[0] == "--version":
        sys.stdout.write(f"gan-studio {__version__}\n")
        return DONE
    if arguments[0] not in COMMANDS:
        sys.stderr.write(f"gan-studio has no command {arguments[0]!r}. There are: {', '.join(COMMANDS)}.\n")
        return USAGE
    return _run(arguments[0], arguments[1:])


def _run(name: str, arguments: list[str]) -> int:
    from gan_studio.cli.arguments import UsageError

    try:
        return importlib.import_module(f"gan_studio.cli.{name}").run(arguments)
    except StudioError as error:
        sys.stderr.write(f"gan-studio {name}: {' '.join(str(error).split())}\n")
        return USAGE if isinstance(error, UsageError) else FAILED
    except KeyboardInterrupt:
        sys.stderr.write(f"gan-studio {name}: interrupted.\n")
        return FAILED
    except BrokenPipeError:
        # Whoever read the output has seen enough; Python must not complain when it flushes at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _print_help() -> None:
    lines = "\n".join(f"  {name:<10}{text}" for name, text in COMMANDS.items())
    sys.stdout.write(
        f"usage: gan-studio COMMAND …\n\n{lines}\n\n"
        "gan-studio COMMAND --help says more; gan-studio train --family F --help lists the settings of a family.\n"
        "The window starts with: python main.py\n"
    )
