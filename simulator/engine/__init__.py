"""Makes a scenario happen: virtual time, the simulated internet, the world."""
