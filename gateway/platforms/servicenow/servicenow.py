"""ServiceNow, as the way of a call asks about it: one line for every question, the answer in the file it names."""

from typing import Final

from gateway.domain.call import PlatformName
from gateway.platforms.servicenow import (
    batch,
    carrier,
    compare,
    own_sla,
    payload,
    progress,
    read_back,
    refusal,
    routes,
    search,
    search_update,
    sweep,
    tickets,
    verdicts,
)

_LINK_HEADERS: Final = frozenset({"location", "link", "x-attachment-metadata"})
_LINK_KEYS: Final = ("link", "record_link", "download_link")
_LINK_PATHS: Final = ("/api/",)


class ServiceNow:
    """The `Platform` of ServiceNow's REST APIs; stateless."""

    name: PlatformName = PlatformName.SERVICENOW

    route = staticmethod(routes.route)
    judge = staticmethod(verdicts.judge)
    casts_doubt = staticmethod(verdicts.casts_doubt)

    fields_of = staticmethod(payload.fields_of)
    with_fields = staticmethod(payload.with_fields)
    is_full_value = staticmethod(payload.is_full_value)
    shows_display_values = staticmethod(payload.shows_display_values)
    rich_text = staticmethod(payload.rich_text)
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
    names_last: bool = True
    sighted = staticmethod(progress.sighted)
    moves_offered = staticmethod(progress.moves_offered)
    move_taken = staticmethod(progress.move_taken)
    watch = staticmethod(progress.watch)
    pause_states = staticmethod(progress.pause_states)
    own_slas_at_once: int = own_sla.AT_ONCE
    own_slas = staticmethod(own_sla.own_slas)

    bundle_routes: frozenset[str] = batch.BUNDLE_ROUTES
    parts = staticmethod(batch.parts)
    gathered = staticmethod(batch.gathered)

    refusal = staticmethod(refusal.refusal)
    priority = staticmethod(tickets.priority)

    @staticmethod
    def link_headers() -> frozenset[str]:
        """Attachments' metadata is JSON with a link in it, in a header."""
        return _LINK_HEADERS

    @staticmethod
    def link_keys() -> tuple[str, ...]:
        """References, imported records and attachments; links for people are not among them."""
        return _LINK_KEYS

    @staticmethod
    def link_paths() -> tuple[str, ...]:
        """All APIs lie under one path."""
        return _LINK_PATHS
