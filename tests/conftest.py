"""What holds for all tests: laws are tested without a stopwatch."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("laws", deadline=None)
settings.load_profile("laws")
