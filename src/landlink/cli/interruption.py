"""Interruption by the user, as by Ctrl-C."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

__all__ = ["noted_interruption"]


@contextmanager
def noted_interruption() -> Iterator[threading.Event]:
    """Note whether the user has interrupted the command, whatever the code interrupted makes of it."""
    noted = threading.Event()
    main_thread = threading.current_thread() is threading.main_thread()
    if not main_thread or signal.getsignal(signal.SIGINT) in (signal.SIG_IGN, None):
        yield noted
        return

    def interrupt(*_: object) -> NoReturn:
        noted.set()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, before)
