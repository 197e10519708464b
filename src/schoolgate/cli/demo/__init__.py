"""A fictional school to try everything on: its people, its policy, and a small internet of harmless pages."""
