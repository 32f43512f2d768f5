"""Virtual time is counted in whole microseconds: a second, which is what asyncio counts in."""

SECOND = 1_000_000
