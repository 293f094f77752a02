"""Normalised text for comparison: NFC, no control characters."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

MAX_TEXT = 10_000
"""Maximum length in characters; longer texts are cut."""


def plain_text(column: pd.Series) -> pd.Series[str]:
    """A column as text, NFC, without control characters; empty where missing.

    Whole numbers have no decimal point: a key stored as 17.0 becomes `17`.
    """
    import pandas as pd

    if isinstance(column.dtype, pd.StringDtype):
        return _cleaned_column(column)
    if pd.api.types.is_float_dtype(column):
        texts = ["" if pd.isna(value) else _number_text(float(value)) for value in column]
    else:
        texts = ["" if _is_missing(value) else _cleaned_text(str(value)) for value in column]
    return pd.Series(texts, index=column.index, dtype="str", name=column.name)


def _number_text(value: float) -> str:
    """All digits of a whole number that float64 holds exactly, else 15 significant ones."""
    exact = value.is_integer() and abs(value) <= 2**53
    return f"{value:.0f}" if exact else f"{value:.15g}"


def _cleaned_column(column: pd.Series) -> pd.Series[str]:
    """A cleaned text column; short printable ASCII needs no cleaning one by one."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pa.array(column, type=pa.large_string(), from_pandas=True)
    if isinstance(texts, pa.ChunkedArray):  # a column that was put together from several
        texts = texts.combine_chunks()
    texts = pc.ascii_trim_whitespace(pc.fill_null(texts, ""))
    plain = pc.and_(pc.ascii_is_printable(texts), pc.less_equal(pc.utf8_length(texts), MAX_TEXT))
    plain = pc.or_(plain, pc.equal(pc.binary_length(texts), 0))
    if not pc.all(plain, min_count=0).as_py():
        hard = pc.invert(plain)
        cleaned = [_cleaned_text(text) for text in texts.filter(hard).to_pylist()]
        texts = pc.replace_with_mask(texts, hard, pa.array(cleaned, pa.large_string()))
    return pd.Series(pd.array(texts, dtype="str"), index=column.index, name=column.name)


def matching_rows(frame: pd.DataFrame, allowed: Mapping[str, tuple[str, ...]]) -> pd.Series[bool]:
    """True for rows that have one of the allowed values in every field; compared without case.

    Parameters
    ----------
    frame
        With all fields of `allowed`.
    allowed
        Allowed values of each field.

    Returns
    -------
    Series
        (n,) bool, indexed as the frame.
    """
    import pandas as pd

    kept = pd.Series(data=True, index=frame.index)
    for field, values in allowed.items():
        texts = {text.casefold() for text in values}
        kept &= plain_text(frame[field]).str.casefold().isin(texts)
    return kept


def _is_missing(value: object) -> bool:
    import pandas as pd

    return value is None or value is pd.NA or value is pd.NaT or value != value  # noqa: PLR0124  (NaN)


def _cleaned_text(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text.strip()[:MAX_TEXT]
    composed = unicodedata.normalize("NFC", text[:MAX_TEXT])
    kept = (sign for sign in composed if sign in "\n\t" or unicodedata.category(sign) != "Cc")
    return "".join(kept).strip()
