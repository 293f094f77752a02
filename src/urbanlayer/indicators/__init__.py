"""One file for each indicator; it exports `INDICATOR`, and its name is the indicator's id.

`catalogue.toml` holds those that are an existing indicator with parameters and words of their own.
"""
