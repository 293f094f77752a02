"""The files that other programs read: tables, layers and the record of the run."""
