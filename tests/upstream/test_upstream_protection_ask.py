"""What a call asks for: its endpoint, its rank, the issue it changes."""

from dataclasses import replace

import pytest

from gateway.domain.call import Call, Operation, PlatformName, Route
from gateway.upstream.protection.ask import Ask, Rank, ask_for


def a_call(operation: Operation, ticket: str | None = None) -> Call:
    route = Route("issue.edit", operation, "/rest/api/2/issue/OPS-1", "issue", ticket)
    return Call("1", "jira", PlatformName.JIRA, route, "PUT", route.path, (), None, 0.0, 0.0, "http://gateway")


@pytest.mark.parametrize(
    ("operation", "priority", "rank"),
    [
        (Operation.CREATE_TICKET, "1", Rank.URGENT_CREATE),
        (Operation.CREATE_TICKET, "Highest", Rank.URGENT_CREATE),
        (Operation.CREATE_TICKET, "2", Rank.CREATE),
        (Operation.CREATE_TICKET, "", Rank.CREATE),
        (Operation.UPDATE_TICKET, "1", Rank.WRITE),
        (Operation.READ, "1", Rank.READ),
        (Operation.OTHER, "1", Rank.WRITE),
    ],
)
def test_only_a_create_of_the_highest_priority_is_urgent(operation, priority, rank):
    assert ask_for(a_call(operation), priority=priority).rank is rank


def test_a_write_names_the_issue_it_changes_and_a_read_names_none():
    edit, read = a_call(Operation.UPDATE_TICKET, "OPS-1"), a_call(Operation.READ, "OPS-1")

    asked = ask_for(edit, login=7)

    assert asked == Ask("PUT issue.edit", Operation.UPDATE_TICKET, Rank.WRITE, "OPS-1", 7)
    assert ask_for(read) == replace(asked, operation=Operation.READ, rank=Rank.READ, issue="", login=0)
