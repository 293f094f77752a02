"""Indicators that a city defines in its file, made from a table instead of a Python file.

The room's name begins with an underscore because `registry.py` takes every other name in
`indicators/` for one indicator of ours; `custom_indicator` builds these for each city file.
What comes out is an `Indicator` like any other, so that page, tables, plan and laws do not know the
difference.
"""

from urbanlayer.indicators._custom.build import custom_indicator

__all__ = ["custom_indicator"]
