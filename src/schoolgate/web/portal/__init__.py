"""The children's own pages: who are you, what do you promise, off you go."""
