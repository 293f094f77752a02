"""One file for each indicator, named by its id, which exports `INDICATOR`.

`catalogue.toml` holds indicators that are an existing one with other parameters and texts.
"""
