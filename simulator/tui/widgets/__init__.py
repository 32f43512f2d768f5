"""One widget a file: each draws from a scene and posts messages."""
