"""Values of tags, of which one tag may hold several: `private;residents`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray


def every_value_in(texts: NDArray[np.object_], wanted: Collection[str]) -> NDArray[np.bool_]:
    """(n,) True where every value of a text, separated by semicolons, is one of those wanted.

    Parameters
    ----------
    texts
        (n,) empty where there is no tag, which gives False.
    wanted
        Values.

    Examples
    --------
    >>> texts = np.array(["private", "private; residents", "private;yes", ""], dtype=object)
    >>> every_value_in(texts, {"private", "residents"}).tolist()
    [True, True, False, False]
    """
    if not len(texts):
        return np.zeros(0, dtype=bool)
    known, number = np.unique(texts.astype(str), return_inverse=True)
    every = [all(part.strip() in wanted for part in text.split(";")) for text in known.tolist()]
    return np.array(every, dtype=bool)[number.reshape(-1)]
