"""A ticket's promises as the API shows them: how they stand, and how each due time was worked out."""

from collections.abc import Mapping
from datetime import datetime

from gateway.domain.call import Json
from gateway.records.record import TicketRecord
from gateway.records.ticket_rows import promised_seconds, standing_of, ticket_columns
from gateway.sla.calendar import Calendar, Elapsed, Opening
from gateway.sla.standing import PromiseState, Standing
from gateway.sla.working import working
from gateway.web.api.instants import iso


def shown_promises(ticket: TicketRecord, now: float, calendars: Mapping[str, Calendar]) -> dict[str, Json]:
    """Both promises at `now`, what was last seen of the ticket, and the platform's own reading where it was read."""
    row = ticket_columns(ticket)
    standing, seconds = standing_of(row), promised_seconds(row)
    calendar = calendars.get(ticket.calendar or "", Elapsed(ticket.calendar or ""))
    shown: dict[str, Json] = {
        "response": _promise(
            ticket.response_due_at,
            standing.response(now, seconds["response"]),
            standing.responded_at,
            _worked_out(ticket, seconds["response"], ticket.response_due_at, calendar, ()),
        ),
        "resolution": _promise(
            ticket.resolution_due_at,
            standing.resolution(now, seconds["resolution"]),
            standing.resolved_at,
            _worked_out(ticket, seconds["resolution"], ticket.resolution_due_at, calendar, standing.stops),
        ),
    }
    return shown | _seen(ticket, standing)


def _promise(
    due_at: float | None, state: PromiseState | None, met_at: float | None, worked_out: str
) -> dict[str, Json] | None:
    if due_at is None or state is None:
        return None
    return {"due_at": iso(due_at), "state": state.value, "met_at": iso(met_at), "working": worked_out}


def _worked_out(
    ticket: TicketRecord, seconds: float, due: float | None, calendar: Calendar, stops: tuple[Opening, ...]
) -> str:
    """Worked out anew; where the calendar was edited since, the stored due time stays, and the text says so."""
    if due is None:
        return ""
    told = working(ticket.accepted_at, seconds, calendar, stops)
    if told.due_at == due:
        return told.text
    return f"{told.text}; promised before the calendar was changed, and due then at {iso(due)}"


def _seen(ticket: TicketRecord, standing: Standing) -> dict[str, Json]:
    if ticket.phase is None:
        return {}
    shown: dict[str, Json] = {
        "phase": standing.phase.value,
        "platform_state": standing.state or None,
        "seen_at": iso(ticket.seen_at),
        "reopened": standing.reopened,
        "clock_stood": [{"begins_at": iso(stop.begins), "ends_at": iso(stop.ends)} for stop in standing.stops],
    }
    if ticket.platform_sla is not None:
        shown["platform"] = [_beside(dict(view), ticket) for view in ticket.platform_sla]
    return shown


def _beside(view: dict[str, Json], ticket: TicketRecord) -> dict[str, Json]:
    """The platform's reading, which counts in a dispute, and how far its due time lies behind that of ours.

    Which of ours it is about only its name tells: what speaks of a response is held against the response.
    """
    ours = "response" if "respon" in str(view.get("name")).casefold() else "resolution"
    due = ticket.response_due_at if ours == "response" else ticket.resolution_due_at
    theirs = view.get("due_at")
    if not isinstance(theirs, str) or due is None:
        return view
    after = round(datetime.fromisoformat(theirs).timestamp() - due, 3)
    return view | {"compared_with": ours, "seconds_after_ours": after}
