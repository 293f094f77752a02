"""Drafts a city file from what lies in a folder: every guess with its reason, none in silence."""

from urbanlayer.drafting.drafts import Draft, drafted
from urbanlayer.drafting.servers import is_address
from urbanlayer.drafting.toml_text import guesses_in
from urbanlayer.drafting.trial import tried

__all__ = ["Draft", "drafted", "guesses_in", "is_address", "tried"]
