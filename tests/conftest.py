"""Settings of all tests."""

from __future__ import annotations

from hypothesis import settings

# How long an example takes says something of the machine, not of the code: the first also loads kernels.
settings.register_profile("landlink", deadline=None)
settings.load_profile("landlink")
