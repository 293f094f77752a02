"""The streets that people walk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.kernels.joining import Joins
    from urbanlayer.model.note import Note


@dataclass(frozen=True, slots=True, eq=False)
class StreetNetwork:
    """An undirected walkable graph with the geometry of its edges.

    Attributes
    ----------
    node_xy
        (n, 2) metres in the city's CRS.
    edge_nodes
        (m, 2) rows of the two ends of each edge, from the start of its line to its end.
    edge_length_m
        (m,) length of each edge's line.
    edge_lines
        (m,) shapely LineStrings.
    component
        (n,) number of the connected part of each node; 0 is the part with the longest streets.
    notes
        What was joined or left out while building, each a sentence.
    edge_feature
        (m,) row of the street layer's feature that each edge was cut from; None where it came
        from no layer.
    across
        (m,) which edges lead across a square and were drawn by nobody; None where there are none.
    joins
        What was joined, where the layer was drawn without topology; else None.
    digest
        Of what made it: the layer, the tolerance and the code; empty where it is not known.
    """

    node_xy: NDArray[np.float64]
    edge_nodes: NDArray[np.int64]
    edge_length_m: NDArray[np.float64]
    edge_lines: NDArray[np.object_]
    component: NDArray[np.int64]
    notes: tuple[Note, ...] = ()
    edge_feature: NDArray[np.int64] | None = None
    joins: Joins | None = None
    across: NDArray[np.bool_] | None = None
    digest: str = ""

    @property
    def drawn(self) -> NDArray[np.bool_]:
        """(m,) which edges are drawn streets and paths, and not visibility edges across plazas."""
        import numpy as np

        return np.ones(len(self.edge_length_m), bool) if self.across is None else ~self.across

    def __repr__(self) -> str:
        length_km = self.edge_length_m.sum() / 1000
        parts = len(set(self.component.tolist()))
        return (
            f"<StreetNetwork: {len(self.edge_nodes):,} edges, {length_km:,.0f} km, {parts} parts>"
        )
