"""SMTP Flow Simulator: a mail truly delivered, in one process and in virtual time."""

__version__ = "0.1.0"
