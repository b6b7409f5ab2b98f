"""What became of the fields of new issues, whose creates' answers name them and show nothing of them."""

import re
from collections.abc import Sequence
from typing import Final

from gateway.domain.call import Fields
from gateway.platforms.conversations import ReadBack, ReadingBack, SearchDenied, Unread
from gateway.platforms.jira.asks import MOST_FETCHED, Issue, Site, fetch, unix
from gateway.platforms.jira.compare import changed_in
from gateway.platforms.jira.tickets import text

_FIELD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,80}")
_READ: Final = frozenset({"issue.create", "request.create"})
_AT_ONCE_SECONDS: Final = 1.0
"""What comes later after an issue's creation is somebody's edit."""


def read_back(unread: Sequence[Unread], base_url: str) -> ReadingBack:
    """Many issues in one question, where the site can; a field that it does not show is hidden, and tells nothing."""
    by_id = {each.ticket.id: each for each in unread if each.route.name in _READ and each.ticket.id.isdecimal()}
    names = sorted({name for each in by_id.values() for name in each.sent if _FIELD.fullmatch(name)})
    site = Site(base_url, max((each.route.version for each in by_id.values()), default=""))
    changed: dict[str, tuple[str, ...]] = {}
    ids = list(by_id)
    for start in range(0, len(ids), MOST_FETCHED):
        issues = yield from fetch(site, ids[start : start + MOST_FETCHED], (*names, "created", "updated"))
        if isinstance(issues, SearchDenied):
            return issues
        for issue in issues:
            each = by_id.get(text(issue.get("id")))
            if each is not None and (fields := _as_made(issue)) is not None:
                changed[each.call_id] = _changed(each.sent, fields)
    return ReadBack({call_id: fields for call_id, fields in changed.items() if fields})


def _as_made(issue: Issue) -> Fields | None:
    """Its fields, as long as nobody has edited it."""
    fields = issue.get("fields")
    if not isinstance(fields, dict):
        return None
    created, updated = unix(text(fields.get("created"))), unix(text(fields.get("updated")))
    if created is None or updated is None or updated - created > _AT_ONCE_SECONDS:
        return None
    return fields


def _changed(sent: Fields, fields: Fields) -> tuple[str, ...]:
    return changed_in({name: value for name, value in sent.items() if name in fields}, fields)
