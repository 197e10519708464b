"""From a click to a finding: what was written, what it may mean, how urgent it is. No Django here."""
