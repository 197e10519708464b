"""One file a command, discovered by its name.

A command module has `SUMMARY` (one line for the list of commands),
`configure(parser)` and `run(arguments) -> int`, which returns the exit code.
Heavy imports belong inside `run`, so that one command never pays for another.
"""
