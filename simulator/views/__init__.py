"""Pure functions of scene and events: what a reader sees outside the TUI."""
