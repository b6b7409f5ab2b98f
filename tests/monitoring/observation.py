"""What was seen of a drill: everything that the tests ask about, as values that outlive the servers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Counted:
    """The ordinary day as the platforms and the records tell it."""

    exchanges: tuple[Any, ...]
    calls: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Observation:
    """`fired` and `notified` are alerts by job; `answers` are the dashboard's, by where they are written.

    `figures` are what the dashboard shows for the ordinary day, by the panel's title; `links` what the API answered to
    the addresses that the runbooks tell to type.
    """

    fired: Mapping[str, set[str]]
    notified: Mapping[str, list[tuple[str, str | None]]]
    gone: bool
    answers: Mapping[str, int]
    variables: Mapping[str, list[str]]
    figures: Mapping[str, float]
    totals: Mapping[str, float]
    counted: Counted
    links: Mapping[str, int]
