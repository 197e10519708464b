"""The edges where the gate meets the network: one folder each, with a README that is its manual page."""
