"""Encoded queries: parsed into conditions and orders; what names no column is ignored, as the platform does."""

import re
from collections.abc import Callable, Mapping, Sequence

from gateway.domain.frozen import frozen

Record = dict[str, str]
Look = Callable[[Record, str], str | None]

_CONDITION = re.compile(
    r"(?P<column>[a-z0-9_.]+)"
    r"(?P<operator>ISNOTEMPTY|ISEMPTY|NOT IN|IN|NOT LIKE|LIKE|STARTSWITH|ENDSWITH|!=|>=|<=|=|>|<)"
    r"(?P<value>.*)",
    re.DOTALL,
)
_ORDER = re.compile(r"ORDERBY(?P<descending>DESC)?(?P<column>[a-z0-9_.]+)")


@frozen
class Condition:
    """One comparison; text is compared without regard to case, as the instance's database does."""

    column: str
    operator: str
    value: str

    def holds(self, actual: str) -> bool:
        """Whether the stored value satisfies the condition."""
        return _OPERATORS[self.operator](actual.casefold(), self.value.casefold())


@frozen
class Order:
    """Sort by a column."""

    column: str
    descending: bool


@frozen
class Query:
    """Alternatives (`^NQ`) of conjunctions (`^`) of alternatives (`^OR`), and the orders."""

    alternatives: tuple[tuple[tuple[Condition, ...], ...], ...]
    orders: tuple[Order, ...]
    unreadable: bool = False

    def columns(self) -> set[str]:
        """Every column that a condition names."""
        return {c.column for groups in self.alternatives for group in groups for c in group}

    def select(self, records: Sequence[Record], look: Look) -> list[Record]:
        """The records that match, in the order asked for."""
        found = [record for record in records if self._matches(record, look)]
        for order in reversed(self.orders):
            found.sort(key=lambda record: look(record, order.column) or "", reverse=order.descending)
        return found

    def _matches(self, record: Record, look: Look) -> bool:
        return any(all(_any_holds(group, record, look) for group in conjunction) for conjunction in self.alternatives)


def parse_query(encoded: str) -> Query:
    """Read an encoded query; parts that are none are left out and remembered as unreadable."""
    terms = [term for part in encoded.split("^NQ") for term in part.split("^") if term not in {"", "EQ"}]
    orders = tuple(
        Order(match["column"], bool(match["descending"])) for term in terms if (match := _ORDER.fullmatch(term))
    )
    alternatives = tuple(_conjunction(part) for part in encoded.split("^NQ"))
    unreadable = any(not _ORDER.fullmatch(term) and _condition(term) is None for term in terms)
    return Query(alternatives, orders, unreadable)


def _conjunction(part: str) -> tuple[tuple[Condition, ...], ...]:
    groups: list[tuple[Condition, ...]] = []
    for term in part.split("^"):
        condition = _condition(term)
        if condition is None or _ORDER.fullmatch(term):
            continue
        if term.startswith("OR") and groups:
            groups[-1] = (*groups[-1], condition)
        else:
            groups.append((condition,))
    return tuple(groups)


def _condition(term: str) -> Condition | None:
    match = _CONDITION.fullmatch(term.removeprefix("OR"))
    return Condition(match["column"], match["operator"], match["value"]) if match else None


def _any_holds(group: tuple[Condition, ...], record: Record, look: Look) -> bool:
    known = [(condition, value) for condition in group if (value := look(record, condition.column)) is not None]
    return not known or any(condition.holds(value) for condition, value in known)


def _compared(actual: str, wanted: str) -> int:
    try:
        left, right = float(actual), float(wanted)
    except ValueError:
        return (actual > wanted) - (actual < wanted)
    return (left > right) - (left < right)


_OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "=": lambda actual, wanted: actual == wanted,
    "!=": lambda actual, wanted: actual != wanted,
    "LIKE": lambda actual, wanted: wanted in actual,
    "NOT LIKE": lambda actual, wanted: wanted not in actual,
    "STARTSWITH": lambda actual, wanted: actual.startswith(wanted),
    "ENDSWITH": lambda actual, wanted: actual.endswith(wanted),
    "IN": lambda actual, wanted: actual in wanted.split(","),
    "NOT IN": lambda actual, wanted: actual not in wanted.split(","),
    "ISEMPTY": lambda actual, _: not actual,
    "ISNOTEMPTY": lambda actual, _: bool(actual),
    ">": lambda actual, wanted: bool(actual) and _compared(actual, wanted) > 0,
    "<": lambda actual, wanted: bool(actual) and _compared(actual, wanted) < 0,
    ">=": lambda actual, wanted: bool(actual) and _compared(actual, wanted) >= 0,
    "<=": lambda actual, wanted: bool(actual) and _compared(actual, wanted) <= 0,
}
