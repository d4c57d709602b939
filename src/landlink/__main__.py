"""Entry point of ``python -m landlink``."""

import sys

from landlink.cli import main

if __name__ == "__main__":
    sys.exit(main())
