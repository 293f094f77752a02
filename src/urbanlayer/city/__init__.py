"""Layers to City: where people live, the streets they walk, their neighbourhoods."""
