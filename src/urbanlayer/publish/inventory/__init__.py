"""The inventory of a city's layers, and how digital it is: one page, one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.publish.inventory.as_json import keys_of_the_run_before
from urbanlayer.publish.inventory.judging import judged

if TYPE_CHECKING:
    from urbanlayer.model.maturity import Inventory

__all__ = ["files", "judged", "keys_of_the_run_before"]


def files(inventory: Inventory, warnings: tuple[str, ...]) -> dict[str, bytes]:
    """Every file of an inventory, as bytes by its path; the same inventory gives the same bytes.

    Parameters
    ----------
    inventory
        What is reported.
    warnings
        What a planner should know, for `run.json`.
    """
    from urbanlayer.publish.inventory.as_json import record_json
    from urbanlayer.publish.inventory.csvs import layers_csv, maturity_csv
    from urbanlayer.publish.inventory.inventory_page import file_of, page
    from urbanlayer.publish.published import RECORD

    made = {
        file_of(language, inventory): page(inventory, language).encode("utf-8")
        for language in inventory.spec.languages
    }
    made["data/layers.csv"] = layers_csv(inventory)
    made["data/maturity.csv"] = maturity_csv(inventory)
    made[RECORD] = record_json(inventory, warnings, made)
    return made
