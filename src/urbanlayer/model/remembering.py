"""How a stage has what it makes remembered, without knowing where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")


class Remember(Protocol):
    """Gives what a step makes: made now, or kept from an earlier run that rested on the same."""

    def __call__(self, name: str, made_of: Mapping[str, str], make: Callable[[], T], /) -> T:
        """The result of a step.

        Parameters
        ----------
        name
            Of the step.
        made_of
            All that the result rests on, by name, each with its digest; one that is empty is not
            known, and the result is not kept.
        make
            The step.
        """


def nothing_remembered(_name: str, _made_of: Mapping[str, str], make: Callable[[], T], /) -> T:
    """What a step makes, made now."""
    return make()
