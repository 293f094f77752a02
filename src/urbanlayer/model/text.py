"""Text of a city file, in one language or in several."""

from __future__ import annotations

Text = str | dict[str, str]
"""One text, or one for each language: `{ en = "Benches", sr_Latn_ME = "Klupe" }`."""

Where = dict[str, str | int | float | bool | list[str | int | float | bool]]
"""Field to the value, or the values, that a feature must have to be taken."""
