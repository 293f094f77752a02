"""The common library of the indicators."""
