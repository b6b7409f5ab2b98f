"""What the gateway needs of a ServiceNow instance."""

import secrets
from typing import Any, Final

from gateway.upstream.checkup import Finding, Findings, Heard, Patient, State, clock, no_success, transport

TABLE: Final = "/api/now/table/incident"
_FIELDS: Final = "sys_id,number,correlation_id,correlation_display"
_CANCELLED: Final = "8"


async def examine(patient: Patient, *, write: bool) -> Findings:
    """Ask in the order in which things fail."""
    heard = await patient.ask(TABLE, {"sysparm_limit": "1", "sysparm_fields": _FIELDS})
    yield transport(patient.base_url)
    yield clock(heard)
    wrong = no_success(heard, with_login=patient.login is not None)
    if wrong:
        yield wrong
        return
    yield Finding("login", State.FINE, "the incident table answers")
    yield _carrier(heard)
    yield _search(await _by_correlation(patient, f"itsmgw-{secrets.token_hex(16)}"))
    if write:
        async for finding in _ticket(patient):
            yield finding


def _carrier(heard: Heard) -> Finding:
    rows = _rows(heard)
    if not rows:
        advice = "give the user read access, or make a first incident: until then no lost create is sent again"
        return Finding("correlation field", State.WARNING, "no incident is visible, so nothing can be proven", advice)
    if {"correlation_id", "correlation_display"} <= rows[0].keys():
        return Finding("correlation field", State.FINE, "correlation_id and correlation_display are readable")
    advice = "allow the user to read and write correlation_id and correlation_display (field ACLs of the task table)"
    return Finding("correlation field", State.FAILED, "the correlation fields are not shown to this user", advice)


def _search(heard: Heard) -> Finding:
    if not heard.is_fine:
        return Finding("search", State.FAILED, f"a search is refused ({heard.status})", "let the user query incidents")
    if _rows(heard):
        advice = (
            "allow queries on correlation_id: this instance ignores what it may not look at, and returns everything"
        )
        return Finding("search", State.FAILED, "a search for a value that nobody has finds tickets", advice)
    return Finding("search", State.FINE, "a value that nobody has is not found")


async def _ticket(patient: Patient) -> Findings:
    value = f"itsmgw-{secrets.token_hex(16)}"
    sent = {"short_description": "ITSM Gateway doctor: please ignore", "correlation_id": value}
    made = await patient.ask(TABLE, send=sent)
    record = made.document.get("result") if made.is_fine and isinstance(made.document, dict) else None
    if not isinstance(record, dict) or not record.get("sys_id"):
        advice = "let the user create incidents, and look which mandatory field or business rule refused this one"
        yield Finding("create", State.FAILED, f"no ticket was made ({made.status})", advice)
        return
    number = str(record.get("number") or record["sys_id"])
    yield Finding("create", State.FINE, f"made {number}")
    found = await _by_correlation(patient, value)
    if [row.get("sys_id") for row in _rows(found)] == [record["sys_id"]]:
        yield Finding("find again", State.FINE, f"{number} is found by its correlation value")
    else:
        advice = "look for a business rule that overwrites correlation_id, and for ACLs that hide it"
        yield Finding("find again", State.FAILED, f"{number} is not found by its correlation value", advice)
    closed = await patient.ask(f"{TABLE}/{record['sys_id']}", send={"state": _CANCELLED}, method="PATCH")
    if closed.is_fine:
        yield Finding("tidy up", State.FINE, f"{number} is cancelled")
    else:
        yield Finding("tidy up", State.WARNING, f"{number} stays open ({closed.status})", "close it by hand")


async def _by_correlation(patient: Patient, value: str) -> Heard:
    query = {"sysparm_query": f"correlation_id={value}", "sysparm_limit": "2", "sysparm_fields": _FIELDS}
    return await patient.ask(TABLE, query)


def _rows(heard: Heard) -> list[dict[str, Any]]:
    result = heard.document.get("result") if isinstance(heard.document, dict) else None
    return [row for row in result if isinstance(row, dict)] if isinstance(result, list) else []
