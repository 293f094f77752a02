"""Custom indicators: defined by a table in the city file instead of a Python file.

The package name begins with an underscore because `registry.py` treats every other name in
`indicators/` as an indicator; `custom_indicator` builds these for each city file. The outcome is an
`Indicator` like any other.
"""

from urbanlayer.indicators._custom.build import custom_indicator

__all__ = ["custom_indicator"]
