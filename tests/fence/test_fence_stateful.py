"""Whatever story of clients, faults, crashes and time Hypothesis invents: no promise of the fence is broken."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fence import promises
from fence.programs import ended

from gateway.simulator import Exchange, Fault, Kind, html_200, refused, reset, stored_then
from gateway.simulator.messages import Request

LONG = [pytest.mark.long, pytest.mark.timeout(3600)]
START = datetime(2027, 1, 15, 8, tzinfo=UTC)
VALUE = "itsmgw-1"
ROW = promises.Row("1", "sending", None, None, "me", 1, 10.0, VALUE, None)
CREATED = replace(ROW, state="closed", kind="created", status=201, ticket_key="INC1")


@pytest.mark.parametrize("stories", [8, pytest.param(300, marks=LONG)])
async def test_no_story_breaks_a_promise(stories: int):
    told = await ended("stateful.py", stories, seconds=3500 if stories > 8 else 170)

    assert "every promise held" in told.output, told.output
    assert told.code == 0


@pytest.mark.parametrize(
    "row",
    [None, replace(ROW, state="queued"), replace(ROW, last_sent_at=None), replace(ROW, last_sent_at=99.0)],
    ids=["no row", "not sending", "no time", "a time to come"],
)
def test_i1_hears_of_a_create_that_left_before_its_row_said_so(row: promises.Row | None):
    with pytest.raises(AssertionError):
        promises.i1_nothing_leaves_before_its_row_is_sending(row, now=11.0)


@pytest.mark.parametrize(
    ("fault", "searched_after", "search", "is_proven"),
    [
        (refused(429), None, None, True),
        (refused(503), 1.0, None, False),
        (refused(503), 2.5, None, True),
        (refused(503), 2.5, refused(503), False),
        (refused(503), 2.5, html_200(), False),
        (stored_then(500), None, None, False),
        (reset(), 60.0, None, False),
        (reset(), 65.5, None, True),
        (refused(503).after(40.0), 45.0, None, False),
    ],
)
def test_i2_hears_of_a_create_that_was_sent_again_without_proof(
    fault: Fault, searched_after: float | None, search: Fault | None, is_proven: bool
):
    before = [came(0.0, Kind.CREATE, fault)]
    if searched_after is not None:
        before.append(came(searched_after, Kind.SEARCH, search))

    def asked() -> None:
        promises.i2_nothing_is_sent_again_but_on_proof("servicenow", VALUE, before, START + timedelta(seconds=70))

    if is_proven:
        asked()
    else:
        with pytest.raises(AssertionError):
            asked()


@pytest.mark.parametrize(
    "later",
    [
        replace(CREATED, owner="dead"),
        replace(CREATED, owner="dead", epoch=0),
        replace(CREATED, owner="other"),
    ],
    ids=["by the dead", "in an older epoch", "without an epoch of its own"],
)
def test_i3_hears_of_a_row_that_another_settled(later: promises.Row):
    with pytest.raises(AssertionError):
        promises.i3_only_the_owner_settles({"1": ROW}, {"1": later}, alive={"me"})


@pytest.mark.parametrize("second", [b'{"correlation_id": "itsmgw-2"}', b'{"correlation_id": "itsmgw-1", "a": 1}'])
def test_i4_hears_of_an_attempt_with_another_value_or_body(second: bytes):
    attempts = [came(0.0, Kind.CREATE, None), came(5.0, Kind.CREATE, None, second)]

    with pytest.raises(AssertionError):
        promises.i4_every_attempt_carries_the_value_of_its_row(attempts, [ROW])


@pytest.mark.parametrize(("status", "ticket", "row"), [(202, None, None), (201, "INC1", ROW), (201, "INC2", CREATED)])
def test_i5_hears_of_a_success_that_is_not_on_disk(status: int, ticket: str | None, row: promises.Row | None):
    with pytest.raises(AssertionError):
        promises.i5_a_success_is_told_of_what_is_on_disk(status, ticket, "1", {"1": row} if row else {})


def test_i6_hears_of_an_answer_that_differs_by_a_byte():
    with pytest.raises(AssertionError):
        promises.i6_who_asks_again_by_the_same_key_is_answered_the_same(b'{"a": 1}', b'{"a":1}')


@pytest.mark.parametrize("now", [{}, {"1": replace(CREATED, kind="rejected")}], ids=["gone", "another end"])
def test_i7_hears_of_a_row_that_is_gone_or_ended_otherwise(now: dict[str, promises.Row]):
    with pytest.raises(AssertionError):
        promises.i7_no_row_vanishes_or_changes_its_end({"1": CREATED}, now)


def came(seconds: float, kind: Kind, fault: Fault | None, body: bytes = b'{"correlation_id": "itsmgw-1"}') -> Exchange:
    """What a platform wrote down."""
    silent = fault is not None and fault.reply is None
    status = None if silent else fault.reply.status if fault and fault.reply else 200
    target = "/api/now/table/incident"
    target += f"?sysparm_query=correlation_id={VALUE}" if kind is Kind.SEARCH else ""
    request = Request("POST" if kind is Kind.CREATE else "GET", target, (), body if kind is Kind.CREATE else b"", "")
    return Exchange(1, START + timedelta(seconds=seconds), kind, request, fault, None, status)
