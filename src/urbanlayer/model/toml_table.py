"""What every table of a city file has in common."""

from __future__ import annotations

import pydantic


class TomlTable(pydantic.BaseModel):
    """A table of a city file: unknown keys are refused, values never change."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)
