"""What became of the fields of new records, where their creates were answered without any."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from gateway.platforms.conversations import ReadBack, ReadingBack, SearchDenied, Unread
from gateway.platforms.servicenow.compare import changed_in
from gateway.platforms.servicenow.payload import shows_display_values
from gateway.platforms.servicenow.rows import PLAIN, Ask, rows
from gateway.platforms.servicenow.tickets import stored

AT_ONCE: Final = 50
_ROUTES: Final = frozenset({"table.create", "change.create", "change_task.create"})
_NEVER_EDITED: Final = frozenset({"", "0"})


def read_back(unread: Sequence[Unread], base_url: str) -> ReadingBack:  # noqa: ARG001  # targets are relative
    """Records of one table in one question; one that was modified since its insert tells nothing."""
    by_table: dict[str, dict[str, Unread]] = defaultdict(dict)
    for each in unread:
        if each.route.name in _ROUTES and PLAIN.fullmatch(each.ticket.id):
            by_table[each.route.resource][each.ticket.id] = each
    changed: dict[str, tuple[str, ...]] = {}
    for table, by_id in by_table.items():
        names = sorted({name for each in by_id.values() for name in each.sent if PLAIN.fullmatch(name)})
        query = f"sys_idIN{','.join(list(by_id)[:AT_ONCE])}"
        found = yield from rows(Ask(table, query, ("sys_id", "sys_mod_count", *names), AT_ONCE))
        if isinstance(found, SearchDenied):
            return found
        for row in found:
            made = by_id.get(stored(row.get("sys_id")))
            if made is not None and stored(row.get("sys_mod_count")) in _NEVER_EDITED:
                in_words = shows_display_values(made.route, made.target.partition("?")[2])
                changed[made.call_id] = changed_in(made.sent, row, given_in_words=in_words)
    return ReadBack({call_id: fields for call_id, fields in changed.items() if fields})
