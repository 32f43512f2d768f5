"""Who speaks: one actor a file, each a story read from top to bottom."""
