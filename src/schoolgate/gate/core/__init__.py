"""The deciding itself: values in, values out; no I/O and no clock."""
