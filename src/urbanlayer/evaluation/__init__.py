"""Evaluation: queries, what each result rests on, and how results are computed and explained."""
