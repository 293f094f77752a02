"""How tests are run: the same examples each time, unless new ones are asked for."""

from __future__ import annotations

import os
import sys

from hypothesis import settings

# Dozens of tests start Python; without byte code each start compiles every library anew, in four
# times the time.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Tests change the code under a run; only those of the cache let runs know of one another.
os.environ["URBANLAYER_NO_CACHE"] = "1"

settings.register_profile("gate", derandomize=True, database=None)
settings.register_profile("explore", derandomize=False, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))
