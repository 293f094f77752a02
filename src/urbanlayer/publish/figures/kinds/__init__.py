"""The kinds of figures: each makes its figures of what a publication shows."""
