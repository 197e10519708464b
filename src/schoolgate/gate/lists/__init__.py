"""Lists of names: read in the formats that others publish, kept in one of our own."""
