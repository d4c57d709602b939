"""Interruption by the user, as by Ctrl-C."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NoReturn

__all__ = ["noted_interruption"]

#: Seconds after which an interruption is delivered again that met code which cannot pass it on.
_AGAIN: Final = 0.05


@contextmanager
def noted_interruption() -> Iterator[threading.Event]:
    """Note whether the user has interrupted the command, whatever the code interrupted makes of it.

    Code that is called back, such as a finaliser, cannot pass an exception on: the interruption is delivered again.
    """
    noted = threading.Event()
    main_thread = threading.current_thread() is threading.main_thread()
    if not main_thread or signal.getsignal(signal.SIGINT) in (signal.SIG_IGN, None):
        yield noted
        return

    def interrupt(*_: object) -> NoReturn:
        noted.set()
        raise KeyboardInterrupt

    told_before = sys.unraisablehook

    def deliver_again(told: sys.UnraisableHookArgs) -> None:
        if issubclass(told.exc_type, KeyboardInterrupt):
            again = threading.Timer(_AGAIN, signal.raise_signal, (signal.SIGINT,))
            again.daemon = True
            again.start()
        else:
            told_before(told)

    before = signal.signal(signal.SIGINT, interrupt)
    sys.unraisablehook = deliver_again
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, before)
        sys.unraisablehook = told_before
