"""A school's folder with a real database, for the tests of the watch."""

from watch_rig import school, template

__all__ = ["school", "template"]
