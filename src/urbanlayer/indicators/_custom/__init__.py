"""Indicators that a city defines in its file, made from a table instead of a Python file.

The room's name begins with an underscore because `registry.py` takes every other name in
`indicators/` for one indicator of ours; these are made for each city file anew, by `own_indicator`.
What comes out is an `Indicator` like any other, so that page, tables, plan and laws do not know the
difference.
"""

from urbanlayer.indicators._custom.build import own_indicator

__all__ = ["own_indicator"]
