"""How this program was called, so that the commands it proposes run as they are printed."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ["command_line", "program"]

_NAME = "landlink"


def program() -> list[str]:
    """The words that call this program in the user's shell.

    ``landlink`` if the shell finds it, or if this is no command at all, as in a notebook; the call by uvx or pipx in an
    environment that one of them made for it; else the path or the module that was called.
    """
    called = Path(sys.argv[0]) if sys.argv and sys.argv[0] else Path(_NAME)
    if called.name == "__main__.py" and called.parent.name == _NAME:
        return ["python" if os.name == "nt" else "python3", "-m", _NAME]
    if called.stem != _NAME:
        return [_NAME]
    places = set(Path(sys.prefix).parts)
    if "UV" in os.environ and places & {"archive-v0", "environments-v2"}:
        return ["uvx", _NAME]
    if "pipx" in places and ".cache" in places:
        return ["pipx", "run", _NAME]
    if shutil.which(_NAME):
        return [_NAME]
    return [str(called)]


def command_line(*words: object) -> str:
    """Format a command for the system's shell, with words that contain spaces in quotes.

    A first word ``landlink`` becomes what calls this program here, see :func:`program`.

    Examples
    --------
    >>> command_line("landlink", "check", "study").split()[-2:]
    ['check', 'study']
    """
    texts = [str(word) for word in words]
    if texts[:1] == [_NAME]:
        texts = [*program(), *texts[1:]]
    return subprocess.list2cmdline(texts) if os.name == "nt" else shlex.join(texts)
