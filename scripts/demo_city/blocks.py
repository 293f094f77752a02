"""The blocks: the land between streets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import STRtree

from demo_city.parks import together
from demo_city.shapes import array_of, inner_points

if TYPE_CHECKING:
    from demo_city.frame import Floats, Ints, Shapes, Words
    from demo_city.network import Network
    from demo_city.parks import Park
    from demo_city.setting import Setting
    from demo_city.superblocks import Superblocks

_SMALLEST_M2 = 250


@dataclass(frozen=True)
class Blocks:
    """The blocks: shape, a point inside, superblock and character."""

    shapes: Shapes
    points: Floats
    superblock: Ints
    character: Words
    area_m2: Floats


def lay_blocks(
    setting: Setting, superblocks: Superblocks, parks: list[Park], network: Network
) -> Blocks:
    """The blocks that streets, banks, hills, parks and the railway leave."""
    usable = setting.land(beside_railway_m=14, without=together(parks).buffer(4))
    shapes = array_of(
        [
            part
            for part in shapely.get_parts(usable.difference(network.surface))
            if part.area > _SMALLEST_M2
        ]
    )
    points = inner_points(shapes)
    superblock = np.asarray(STRtree(superblocks.shapes).nearest(shapely.points(points)))
    return Blocks(
        shapes=shapes,
        points=points,
        superblock=superblock,
        character=superblocks.character[superblock],
        area_m2=shapely.area(shapes),
    )
