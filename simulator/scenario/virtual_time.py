"""Virtual time is counted in whole microseconds: a second, and what a machine needs in itself."""

SECOND = 1_000_000
"""What asyncio counts in."""

LOCAL_LATENCY = 50
"""Between two programs on one machine."""
