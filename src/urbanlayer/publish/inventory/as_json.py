"""The inventory as JSON: for programs, and for the next run, which checks whether keys stayed."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import TargetError
from urbanlayer.model.maturity import ASPECTS, DIMENSIONS, KeySample
from urbanlayer.model.text import text_in
from urbanlayer.publish.published import RECORD, digests_of, record_bytes
from urbanlayer.publish.record import versions
from urbanlayer.publish.worded_notes import in_english

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from urbanlayer.model.maturity import GradedLayer, Inventory

KIND = "inventory"


def record_of_inventory(inventory: Inventory) -> dict[str, Any]:
    """The inventory as plain values: codes and counts, no sentences."""
    spec = inventory.spec
    return {
        "kind": KIND,
        "city": spec.id,
        "as_of": spec.as_of.isoformat(),
        "demonstration": spec.demonstration,
        "data": {
            "levels": {aspect: inventory.levels(aspect) for aspect in ASPECTS},
            "layers": {layer.role: _layer(layer) for layer in inventory.layers},
            "missing": [dataclasses.asdict(item) for item in inventory.missing],
            "fix_first": [dataclasses.asdict(item) for item in inventory.fixes],
        },
        "digital_services": _services(inventory),
        "organisation": _organisation(inventory),
        "errors": list(inventory.errors),
    }


def record_json(
    inventory: Inventory, warnings: tuple[str, ...], files: Mapping[str, bytes]
) -> bytes:
    """`run.json` of an inventory; the same inventory gives the same bytes.

    Parameters
    ----------
    inventory
        What is reported.
    warnings
        What a planner should know.
    files
        The other files of the inventory, whose digests `urbanlayer verify` compares.
    """
    whole = {**record_of_inventory(inventory), "versions": versions(), "warnings": list(warnings)}
    name = inventory.spec.name
    whole |= {"name": name if isinstance(name, str) else dict(name), "files": digests_of(files)}
    whole["keys"] = {
        layer.role: dataclasses.asdict(layer.keys) for layer in inventory.layers if layer.keys
    }
    return record_bytes(whole)


def keys_of_the_run_before(target: Path) -> Mapping[str, KeySample]:
    """By role, which keys the layers had in the inventory that the folder holds.

    Returns
    -------
    Mapping
        Empty where the folder holds none.

    Raises
    ------
    TargetError
        If the folder holds a city's maps, which an inventory would replace.
    """
    path = target / RECORD
    if not path.exists():
        return {}
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
        if before.get("kind") != KIND:
            raise TargetError(
                f"{target}: holds a city's maps, which an inventory would replace; "
                "name another folder with --out"
            )
        return {
            role: KeySample(keys["digest"], tuple(keys["hashes"]))
            for role, keys in before.get("keys", {}).items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TargetError(
            f"{path}: cannot be read ({error}); delete the folder, or name another with --out"
        ) from error


def _layer(layer: GradedLayer) -> dict[str, Any]:
    return {
        "state": layer.state,
        "source": layer.source,
        "path": layer.path,
        "features": layer.features,
        "grades": {
            grade.aspect: {
                "level": grade.level,
                "reason": grade.reason,
                "counts": dict(grade.counts),
            }
            for grade in layer.grades
        },
        "rests": list(layer.rests),
        "errors": list(layer.errors),
        "notes": in_english(layer.notes),
    }


def _services(inventory: Inventory) -> dict[str, Any]:
    listed = inventory.spec.digital_service
    return {
        "listed": len(listed),
        "online_form": sum(service.online_form for service in listed),
        "services": [
            {"name": text_in(service.name, "en"), "online_form": service.online_form}
            for service in listed
        ],
        "indicators": {
            result.id: {"value": _plain(result.city), "unit": result.unit, "method": result.method}
            for result in inventory.digital
        },
        "not_answerable": {
            ".".join(filter(None, [item.indicator, item.variant])): list(item.missing)
            for item in inventory.digital_lost
        },
    }


def _organisation(inventory: Inventory) -> dict[str, Any]:
    judged = inventory.spec.maturity
    found: dict[str, Any] = {}
    for name in DIMENSIONS:
        dimension = getattr(judged, name, None)
        found[name] = dimension and {
            "score": dimension.score,
            "evidence": text_in(dimension.evidence, "en"),
            "date": dimension.date.isoformat(),
        }
    return found


def _plain(value: float) -> float | None:
    """A number with ten significant digits; None for "no result"."""
    return None if math.isnan(value) else float(f"{value:.10g}")
