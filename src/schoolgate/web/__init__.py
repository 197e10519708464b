"""Pages, forms, components and settings: one of the two places where things are wired together."""
