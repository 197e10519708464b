"""What is used, what it risks, and what answers each risk."""
