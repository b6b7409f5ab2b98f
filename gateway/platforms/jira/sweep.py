"""Issues by the values they carry, and issues by their ids: what the journal is compared with."""

import re
from collections.abc import Sequence
from typing import Final

from gateway.platforms.carriers import Carrier
from gateway.platforms.conversations import Marked, RollCall, SearchDenied, Shown, Swath, Sweep, Swept
from gateway.platforms.jira.asks import MOST_FETCHED, Issue, Site, created_at, fetch, myself, search_all
from gateway.platforms.jira.carrier import CUSTOM_FIELD, LABELS, field_of, holds_value, written
from gateway.platforms.jira.tickets import text, ticket_of

VALUES_AT_ONCE: Final = 50
MOST_PAGES: Final = 20

_PLAIN: Final = re.compile(r"[A-Za-z0-9_.:-]{1,100}")


def sweep(swath: Swath) -> Sweep:
    """A batch of labels in one search over all projects, a text field's values one by one."""
    place = LABELS if swath.place == "default" else field_of(swath.place)
    if not (place == LABELS or CUSTOM_FIELD.fullmatch(place)):
        return SearchDenied(f"field {place!r} cannot be put into a query")
    user = yield from myself("")
    if isinstance(user, SearchDenied):
        return user
    values = [value for value in dict.fromkeys(swath.values) if _PLAIN.fullmatch(value)]
    step = VALUES_AT_ONCE if place == LABELS else 1
    marked: list[Marked] = []
    for start in range(0, len(values), step):
        some = values[start : start + step]
        jql = f"{_clause(place, some)} ORDER BY created ASC"
        issues = yield from search_all(Site(swath.base_url, ""), jql, f"created,{place}", MOST_PAGES)
        if isinstance(issues, SearchDenied):
            return issues
        marked += [found for issue in issues for found in _marked(issue, some, place)]
    return Swept(tuple(marked))


def roll_call(resource: str, ids: Sequence[str], base_url: str) -> RollCall:  # noqa: ARG001  # ids are the site's
    """By id, which survives a move to another project; the login is proven first, for anonymous eyes see nothing."""
    user = yield from myself("")
    if isinstance(user, SearchDenied):
        return user
    wanted = [identity for identity in dict.fromkeys(ids) if identity.isascii() and identity.isdigit()]
    shown: set[str] = set()
    for start in range(0, len(wanted), MOST_FETCHED):
        issues = yield from fetch(Site(base_url, ""), wanted[start : start + MOST_FETCHED], ("created",))
        if isinstance(issues, SearchDenied):
            return issues
        shown |= {text(issue.get("id")) for issue in issues}
    return Shown(frozenset(shown) & frozenset(ids))


def _clause(place: str, values: Sequence[str]) -> str:
    if custom := CUSTOM_FIELD.fullmatch(place):
        return rf'cf[{custom["number"]}] ~ "\"{written(values[0])}\""'
    labels = ", ".join(f'"{written(value)}"' for value in values)
    return f"labels in ({labels})"


def _marked(issue: Issue, values: Sequence[str], place: str) -> list[Marked]:
    fields = issue.get("fields")
    held = fields.get(place) if isinstance(fields, dict) else None
    created = created_at(issue)
    return [Marked(ticket_of(issue), value, created) for value in values if holds_value(held, Carrier(value))]
