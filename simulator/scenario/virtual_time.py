"""Virtual time is counted in whole microseconds; a second has this many."""

SECOND = 1_000_000
