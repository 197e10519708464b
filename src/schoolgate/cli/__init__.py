"""The command line and the daemons: one of the two places where things are wired together."""
