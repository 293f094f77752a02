"""HiGHS with the settings of every program here: silent, one thread, a fixed seed, no clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import highspy

SEED = 1


def quiet_highs() -> highspy.Highs:
    """A solver without a model that prints nothing, not even its name when it is made.

    Limits are set by its user, in iterations and nodes.
    """
    import highspy

    class _Quiet(highspy.Highs):
        """A solver that is silent before its callbacks are set, when it would print its name."""

        def enableCallbacks(self) -> None:  # noqa: N802  (its name in highspy)
            self.silent()

    solver = _Quiet()  # type: ignore[no-untyped-call]
    for name, value in (
        ("output_flag", False),
        ("threads", 1),
        ("parallel", "off"),
        ("random_seed", SEED),
    ):
        solver.setOptionValue(name, value)
    return solver
