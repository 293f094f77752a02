"""The actions of an investment programme, read from their layer, and what is wrong with them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from urbanlayer.text.personal import personal_content, without_persons
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd
    import shapely

    from urbanlayer.model.layer import Layer
    from urbanlayer.model.plan_specification import ActionColumns

    Cells = Mapping[str, object]

SEPARATOR = ";"
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_PUBLISHED = ("owner", "funding")
"""Columns whose texts are published as they are."""


@dataclass(frozen=True, slots=True, eq=False)
class Action:
    """One action: what it costs and when, what it depends on, and where it is.

    Attributes
    ----------
    key
        Of its feature or row.
    service
        What it gives to people; empty for none.
    payments
        Whole units of the currency, from the year of its start on.
    running
        Whole units of the currency in each year after that of its last payment.
    requires, excludes
        Keys of other actions.
    promised
        Year by whose end the last payment is made; None where nothing is promised.
    earliest
        First year in which it may start; None for any.
    owner, funding
        Who is responsible for it, and where its money comes from; empty for nothing stated.
    names
        Language to its name, the empty code that of the layer; those that may be shown.
    row
        Of its feature in the layer; None where it has no place.
    shape
        Its place: a line is a street that is added.
    """

    key: str
    service: str
    payments: tuple[int, ...]
    running: int = 0
    requires: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    promised: int | None = None
    earliest: int | None = None
    owner: str = ""
    funding: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    row: int | None = None
    shape: shapely.Geometry | None = None

    @property
    def is_street(self) -> bool:
        """Whether it adds a street."""
        import shapely

        return bool(self.shape is not None and shapely.get_dimensions(self.shape) == 1)


def read_actions(
    layer: Layer, columns: ActionColumns, years: Sequence[int]
) -> tuple[list[Action], list[str]]:
    """The actions of a layer in the order of their keys, and every error, a sentence each.

    Parameters
    ----------
    layer
        Features with a place, and rows without one.
    columns
        What holds what.
    years
        Of the programme.
    """
    errors = [f"{_of(layer)}: {error}" for error in _column_errors(layer, columns)]
    if errors:
        return [], errors
    actions: list[Action] = []
    for key, cells, row, shape in _rows(layer):
        found, wrong = _action(key, cells, columns, len(years))
        errors += [f"{_of(layer)}: action {key!r}: {one}" for one in wrong]
        names = names_of(cells, layer.provenance.public_names)
        actions.append(replace(found, names=names, row=row, shape=shape))
    actions.sort(key=lambda action: action.key)
    errors += [f"{_of(layer)}: {one}" for one in _errors_among(layer, actions)]
    return actions, errors


def _of(layer: Layer) -> str:
    return f"layer {layer.role!r} ({layer.provenance.path})"


def _rows(layer: Layer) -> Iterator[tuple[str, Cells, int | None, shapely.Geometry | None]]:
    """Key, cells, row and place of each action."""
    frame = layer.frame
    plain = frame.drop(columns=frame.geometry.name)
    shapes = frame.geometry.to_numpy()
    for row, (key, cells) in enumerate(_cells(plain)):
        yield key, cells, row, shapes[row]
    if layer.without_place is not None:
        for key, cells in _cells(layer.without_place):
            yield key, cells, None, None


def _cells(frame: pd.DataFrame) -> Iterator[tuple[str, Cells]]:
    names = [str(name) for name in frame.columns]
    for key, cells in zip(frame.index, frame.itertuples(index=False, name=None), strict=True):
        yield str(key), dict(zip(names, cells, strict=True))


def _column_errors(layer: Layer, columns: ActionColumns) -> Iterator[str]:
    """Columns that are declared and not there."""
    there = {str(name) for name in layer.frame.columns} - {layer.frame.geometry.name}
    if layer.without_place is not None:
        there |= {str(name) for name in layer.without_place.columns}
    declared = columns.model_dump(exclude_none=True)
    if columns.payments is not None and "cost" not in columns.model_fields_set:
        declared.pop("cost")
    for name, column in declared.items():
        if column not in there:
            near = did_you_mean(column, sorted(there))
            yield f"it has no column {column!r} for {name} of [plan.actions]{near}"
        elif name in _PUBLISHED and not layer.provenance.personal:
            yield from _personal_errors(layer, name, column)
    if not len(layer.frame) and (layer.without_place is None or not len(layer.without_place)):
        yield "it holds no action"


def _personal_errors(layer: Layer, name: str, column: str) -> Iterator[str]:
    """An error for a column that is published and tells who a person is; it quotes no value."""
    texts = [_text(cells.get(column)) for _, cells, _, _ in _rows(layer)]
    each = [personal_content([text], column=column, honoured=False) for text in texts]
    if found := next(filter(None, each), None):
        yield (
            f"the column {column!r}, declared as {name} of [plan.actions], seems to hold {found} "
            f"({len(texts) - each.count(None)} of {len(texts)} actions). "
            f'Declare another column, or set personal = "allowed" in [layers.{layer.role}] if the '
            "city may publish them."
        )


def _action(key: str, cells: Cells, columns: ActionColumns, years: int) -> tuple[Action, list[str]]:
    """One action without its place, and what is wrong with its cells."""
    errors: list[str] = []

    def _cell(name: str) -> object:
        column = getattr(columns, name)
        return None if column is None else cells.get(column)

    def _whole(name: str) -> int | None:
        try:
            return whole_number(_cell(name))
        except ValueError as error:
            errors.append(f"{name} {error}")
            return None

    cost, running = _whole("cost"), _whole("running") or 0
    promised, earliest = _whole("promised"), _whole("earliest")
    try:
        payments = tuple(_known(part) for part in _parts(_cell("payments")))
    except ValueError as error:
        errors.append(f"payments: {error}")
        payments = ()
    else:
        if cost is not None or not _text(_cell("cost")):
            errors += _money_errors(cost, payments, years)
    if running < 0:
        errors.append(f"running is {running:,}; it cannot be negative")
    errors += [
        f"{name} is {year}; it must be a calendar year"
        for name, year in (("promised", promised), ("earliest", earliest))
        if year is not None and not _FIRST_YEAR <= year <= _LAST_YEAR
    ]
    requires, excludes = (tuple(_keys(_cell(name))) for name in ("requires", "excludes"))
    found = Action(
        key, _text(_cell("service")), payments or (cost or 0,), running=running,
        requires=requires, excludes=excludes, promised=promised, earliest=earliest,
        owner=_text(_cell("owner")), funding=_text(_cell("funding")),
    )  # fmt: skip
    return found, errors


def _money_errors(cost: int | None, payments: tuple[int, ...], years: int) -> Iterator[str]:
    if cost is None and not payments:
        yield "has neither a cost nor payments; 0 is what costs nothing"
    if cost is not None and cost < 0:
        yield f"cost is {cost:,}; it cannot be negative"
    if any(amount < 0 for amount in payments):
        yield f"payments {SEPARATOR.join(map(str, payments))} cannot be negative"
    if len(payments) > years:
        yield f"has payments in {len(payments)} years, and the programme has {years}"
    if cost is not None and payments and cost >= 0 and sum(payments) != cost:
        yield f"payments add up to {sum(payments):,}, and cost is {cost:,}"


def _errors_among(layer: Layer, actions: Sequence[Action]) -> Iterator[str]:
    """Keys that are not there or come twice, and dependencies that no order can keep."""
    known = {action.key for action in actions}
    twice = [one.feature for one in layer.excluded if one.reason == "duplicate-key"]
    twice += [one.key for one, other in itertools.pairwise(actions) if one.key == other.key]
    for key in sorted(set(twice)):
        yield f"action {key!r} occurs more than once; give each a key of its own"
    for action in actions:
        for name, keys in (("requires", action.requires), ("excludes", action.excludes)):
            for key in keys:
                if key not in known:
                    near = did_you_mean(key, sorted(known))
                    (told,) = without_persons([key])
                    yield f"action {action.key!r} {name} {told!r}, which is no action{near}"
                elif key == action.key:
                    yield f"action {action.key!r} {name} itself"
        for key in sorted(set(action.requires) & set(action.excludes)):
            yield f"action {action.key!r} both requires and excludes {key!r}"
    for circle in circles({one.key: [k for k in one.requires if k in known] for one in actions}):
        yield f"actions require one another in a circle: {' → '.join([*circle, circle[0]])}"


def circles(requires: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Circles of keys that require one another, each from its least key on; none of one alone.

    Parameters
    ----------
    requires
        Key to the keys that it requires.
    """
    found: dict[frozenset[str], list[str]] = {}
    finished: set[str] = set()
    for first in sorted(requires):
        path: list[str] = []
        open_: list[tuple[str, Iterator[str]]] = [(first, iter(sorted(requires[first])))]
        path.append(first)
        while open_:
            key, rest = open_[-1]
            other = next(rest, None)
            if other is None:
                finished.add(key)
                open_.pop()
                path.pop()
            elif other in path:
                circle = path[path.index(other) :]
                least = circle.index(min(circle))
                if len(circle) > 1:
                    found.setdefault(frozenset(circle), circle[least:] + circle[:least])
            elif other not in finished:
                path.append(other)
                open_.append((other, iter(sorted(requires[other]))))
    return list(found.values())


def names_of(cells: Cells, public: Sequence[str]) -> dict[str, str]:
    """Language to the name of a feature, the empty code that of the layer; without empty ones.

    Parameters
    ----------
    cells
        Of the feature, by column.
    public
        Columns with names that may be shown.
    """
    texts = {column.removeprefix("name").removeprefix("_"): cells.get(column) for column in public}
    return {language: text for language, cell in texts.items() if (text := _text(cell))}


# Cells --------------------------------------------------------------------------------------------


def whole_number(cell: object) -> int | None:
    """A whole number of a cell; None where it is blank.

    Raises
    ------
    ValueError
        The cell holds something else.
    """
    text = _text(cell)
    if not text:
        return None
    try:
        number = float(text.replace(" ", "").replace("\u00a0", ""))
    except ValueError as error:
        raise ValueError(f"is {text!r}, which is no number") from error
    if not math.isfinite(number) or number != int(number):
        raise ValueError(f"is {text}; it must be a whole number")
    return int(number)


def _known(part: object) -> int:
    number = whole_number(part)
    if number is None:
        raise ValueError(f"an amount between two {SEPARATOR!r} is missing; 0 is what costs nothing")
    return number


def _parts(cell: object) -> list[object]:
    """The parts of a cell that holds several, joined by `;` or as a list."""
    if isinstance(cell, Iterable) and not isinstance(cell, str):
        return list(cell)
    text = _text(cell)
    return list(text.split(SEPARATOR)) if text else []


def _keys(cell: object) -> Iterator[str]:
    for part in _parts(cell):
        if text := _text(part):
            yield text


def _text(cell: Any) -> str:  # noqa: ANN401  (a cell of any column)
    """A cell as text: whole numbers without a decimal point, nothing for what is missing."""
    import pandas as pd

    if cell is None or (pd.api.types.is_scalar(cell) and pd.isna(cell)):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
