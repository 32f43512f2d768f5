"""What each command does, one a file: data on standard output, words on standard error.

Every module has ``main(arguments, language)``, which gives the exit status; ``simulator.cli``
imports only the one it needs, so that help, the version and mistakes are told at once.
"""
