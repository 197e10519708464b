"""Where activity is kept: written by the gate, read by the watch. Runs without Django."""
