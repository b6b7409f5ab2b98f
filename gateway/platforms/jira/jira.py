"""Jira, as the way of a call asks about it: one line for every question, the answer in the file it names."""

from typing import Final

from gateway.domain.call import PlatformName
from gateway.platforms.jira import (
    bulk,
    carrier,
    compare,
    moves,
    own_sla,
    payload,
    progress,
    read_back,
    refusal,
    rich_text,
    routes,
    search,
    search_update,
    sweep,
    tickets,
    verdicts,
)

_LINK_HEADERS: Final = frozenset({"location", "link"})
_LINK_KEYS: Final = (
    "self",
    "content",
    "thumbnail",
    "nextPage",
    "next",
    "prev",
    "first",
    "last",
    "base",
    "jiraRest",
)
_LINK_PATHS: Final = ("/rest/", "/secure/attachment/", "/secure/thumbnail/")


class Jira:
    """The `Platform` of Jira's REST APIs, Cloud and Data Center; stateless."""

    name: PlatformName = PlatformName.JIRA

    route = staticmethod(routes.route)
    judge = staticmethod(verdicts.judge)
    casts_doubt = staticmethod(verdicts.casts_doubt)

    fields_of = staticmethod(payload.fields_of)
    with_fields = staticmethod(payload.with_fields)
    is_full_value = staticmethod(payload.is_full_value)
    shows_display_values = staticmethod(payload.shows_display_values)
    rich_text = staticmethod(rich_text.rich_text)
    create_target = staticmethod(payload.create_target)

    carry = staticmethod(carrier.carry)
    without_carrier = staticmethod(carrier.without_carrier)
    guard = staticmethod(carrier.guard)
    is_carried = staticmethod(carrier.is_carried)
    carrier_scope = staticmethod(carrier.carrier_scope)

    search = staticmethod(search.search)
    finds_update = staticmethod(search_update.finds_update)
    search_update = staticmethod(search_update.search_update)
    changed_fields = staticmethod(compare.changed_fields)
    read_back = staticmethod(read_back.read_back)
    roll_call = staticmethod(sweep.roll_call)
    sweep = staticmethod(sweep.sweep)

    progress_routes: frozenset[str] = progress.PROGRESS_ROUTES
    names_last: bool = False  # an issue that moves to another project gets another key
    sighted = staticmethod(progress.sighted)
    moves_offered = staticmethod(moves.moves_offered)
    move_taken = staticmethod(moves.move_taken)
    watch = staticmethod(progress.watch)
    pause_states = staticmethod(progress.pause_states)
    own_slas_at_once: int = own_sla.AT_ONCE
    own_slas = staticmethod(own_sla.own_slas)

    bundle_routes: frozenset[str] = bulk.BUNDLE_ROUTES
    parts = staticmethod(bulk.parts)
    gathered = staticmethod(bulk.gathered)

    refusal = staticmethod(refusal.refusal)
    priority = staticmethod(tickets.priority)

    @staticmethod
    def link_headers() -> frozenset[str]:
        """Where a new resource lies, and the pages beside this one."""
        return _LINK_HEADERS

    @staticmethod
    def link_keys() -> tuple[str, ...]:
        """Resources, attachments and pages; links for people (`web`, `agent`) are not among them."""
        return _LINK_KEYS

    @staticmethod
    def link_paths() -> tuple[str, ...]:
        """Data Center keeps attachments outside the API's path."""
        return _LINK_PATHS
