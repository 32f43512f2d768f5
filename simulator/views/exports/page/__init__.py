"""A run as one HTML file that plays by itself: no network, no library, only what is in it."""
