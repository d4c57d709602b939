"""Entry point of ``python -m landlink`` and of the command ``landlink``."""

import os
import signal
import sys

__all__ = ["main"]


def main() -> int:
    """Run the command line; an interruption while it loads ends it quietly, as one later does."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # Nothing has been begun, so there is nothing to clean up; an exception could end in the middle of an import.
        signal.signal(signal.SIGINT, _leave)
    from landlink.cli import main as run  # noqa: PLC0415  loaded once interruptions are handled

    code = run()
    if code == 130:
        # Python would wait for threads at work, and end by the signal where the interruption met certain code.
        os._exit(code)
    return code


def _leave(*_: object) -> None:
    os.write(2, b"landlink: interrupted\n")
    os._exit(130)


if __name__ == "__main__":
    sys.exit(main())
