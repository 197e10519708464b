"""One file a format: a module with `FORMAT`, `NAMES_ITS_LISTS` and `read`. A new file is a new format."""
