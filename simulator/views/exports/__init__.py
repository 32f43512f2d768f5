"""A run in the formats of other programs, one a module: pure functions of an Order, to octets."""
