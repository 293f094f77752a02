"""The nouns: what the stages hand to one another. Frozen, and without input or output."""
