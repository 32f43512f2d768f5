"""The Domain Name System: zones, iterative resolution, the cache."""
