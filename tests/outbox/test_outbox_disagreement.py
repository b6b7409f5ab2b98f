"""What a row and the platform disagree about, told from what the platform shows."""

from dataclasses import replace

import pytest

from gateway.outbox.disagreement import Disagreement, Seen, disagreement
from gateway.records.creates import SentCreate
from gateway.records.findings import FindingKind

VALUE = "itsmgw-1"


def create(ticket: str | None = "1", value: str | None = VALUE) -> SentCreate:
    return SentCreate("call-1", "table.create", "incident", ticket, value, "correlation_id", 0.0)


def seen(*carrying: str, called: str = "", present: str = "") -> Seen:
    return Seen({VALUE: carrying} if carrying else {}, frozenset(called), frozenset(present))


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        (create(), seen("1", called="1", present="1")),
        (create(), seen(called="1", present="1")),
        (create(), seen("1")),
        (create(), seen()),
        (create(None), seen()),
        (create(None, None), seen("7")),
    ],
    ids=[
        "the ticket is there",
        "its value was replaced",
        "the roll call was denied, but the value is there",
        "both looks were denied",
        "a failed create made nothing",
        "another create's ticket",
    ],
)
def test_journal_and_platform_agree(row: SentCreate, shown: Seen):
    assert disagreement(row, shown) is None


def test_a_ticket_of_a_create_that_failed_is_an_orphan():
    assert disagreement(create(None), seen("7")) == Disagreement(FindingKind.ORPHAN, ("7",))


def test_a_told_ticket_that_is_gone_is_a_ghost():
    assert disagreement(create(), seen(called="1")) == Disagreement(FindingKind.GHOST, ("1",))


def test_a_ghost_tells_which_ticket_carries_its_value_instead():
    found = disagreement(create(), seen("2", called="1"))

    assert found == Disagreement(FindingKind.GHOST, ("1",), "2 carries its value instead")


@pytest.mark.parametrize("row", [create(), create(None)], ids=["created", "failed"])
def test_two_tickets_of_one_create_are_a_duplicate(row: SentCreate):
    assert disagreement(row, seen("1", "2", called="1", present="1")) == Disagreement(FindingKind.DUPLICATE, ("1", "2"))


def test_a_told_ticket_whose_value_was_replaced_makes_another_one_a_duplicate():
    assert disagreement(create(), seen("2", called="1", present="1")) == Disagreement(FindingKind.DUPLICATE, ("2", "1"))


def test_of_a_call_that_made_several_every_ticket_that_is_gone_is_told():
    row = replace(create("1", None), further=("2", "3", "4"))

    found = disagreement(row, Seen({}, frozenset({"1", "2", "3"}), frozenset({"1", "3"})))

    assert found == Disagreement(FindingKind.GHOST, ("2",))
