"""What the body of a create's success says: which issues were made, and what failed beside them."""

from collections.abc import Iterator, Mapping

from gateway.domain.call import Json
from gateway.domain.verdict import Deceptive, Done, Ticket, Verdict
from gateway.platforms.jira.tickets import text, ticket_of

Body = Mapping[str, Json]

_FIRST_REFUSAL = 400


def created(body: Body, status: int) -> Verdict:
    """An issue may be there although the transition after its create failed."""
    ticket = ticket_of(body)
    if ticket.id or ticket.key:
        return Done(ticket, flaws=_transition_told(body))
    return Deceptive(f"a success that names no issue ({status})")


def bulk_created(body: Body, status: int) -> Verdict:
    """A 201 if any of them succeeded; the others stand among the errors."""
    tickets = tuple(ticket_of(issue) for issue in _objects(body.get("issues")))
    flaws = tuple(_element_told(error) for error in _objects(body.get("errors")))
    if tickets:
        return Done(tickets[0], tickets[1:], flaws)
    return Deceptive(f"a success that names no issue ({status})", nothing_made=bool(flaws))


def requested(body: Body, status: int) -> Verdict:
    """Service management names issue and page in words of its own."""
    links = body.get("_links")
    page = text(links.get("agent") or links.get("web")) if isinstance(links, dict) else ""
    ticket = Ticket(text(body.get("issueId")), text(body.get("issueKey")), page)
    if ticket.id or ticket.key:
        return Done(ticket)
    return Deceptive(f"a success that names no request ({status})")


def moved_in_part(body: Body) -> tuple[str, ...]:
    """Of issues that a board moved past each other, those that stayed where they were."""
    told = ((entry, entry.get("status")) for entry in _objects(body.get("entries")))
    return tuple(
        f"issue {text(entry.get('issueKey')) or text(entry.get('issueId')) or '?'} was answered {status}"
        for entry, status in told
        if isinstance(status, int) and status >= _FIRST_REFUSAL
    )


def complaints(errors: Json) -> Iterator[str]:
    """Every message of an error collection; `errorMessages` is a list, or one text."""
    if not isinstance(errors, dict):
        return
    messages = errors.get("errorMessages")
    yield from (text(message) for message in (messages if isinstance(messages, list) else [messages]) if text(message))
    by_field = errors.get("errors")
    if isinstance(by_field, dict):
        yield from (f"{field}: {text(message)}" for field, message in by_field.items())


def _transition_told(body: Body) -> tuple[str, ...]:
    transition = body.get("transition")
    if not isinstance(transition, dict):
        return ()
    return tuple(f"transition: {complaint}" for complaint in complaints(transition.get("errorCollection")))


def _element_told(error: Body) -> str:
    why = "; ".join(complaints(error.get("elementErrors"))) or "without a reason"
    return f"element {text(error.get('failedElementNumber')) or '?'} was answered {text(error.get('status'))}: {why}"


def _objects(value: Json) -> list[Body]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
