"""What is secret reaches no file: not in a row, not in the log, not after it was deleted."""

from collections.abc import Callable

import pytest
from records.databases import ONLY_SQLITE

from gateway.domain.verdict import Answer
from gateway.pipeline.claim import Claim
from gateway.records.shown import shown_target
from gateway.records.tables import metadata

PLANTED = ("Bearer planted-token", "planted-cookie", "planted-password", "planted-query", "planted-answer")


HEADERS = (
    ("Authorization", "Bearer planted-token"),
    ("Proxy-Authorization", "Basic planted-proxy"),
    ("Cookie", "planted-cookie"),
    ("x-sn-apikey", "planted-password"),
    ("X-UserToken", "planted-user-token"),
    ("X-Api-Key", "planted-api-key"),
    ("X-Amz-Security-Token", "planted-amz"),
    ("X-Company-Secret", "planted-secret"),
    ("Content-Type", "application/json"),
    ("X-Atlassian-Token", "no-check"),
    ("traceparent", "00-1-2-01"),
)


@pytest.fixture
def everything(database) -> Callable[[], str]:
    """Every row of every table of ours, as text."""

    def read() -> str:
        return "".join(str(database(f"SELECT * FROM {table.name}")) for table in metadata.sorted_tables)

    return read


async def test_of_requests_and_answers_only_headers_without_a_secret_are_in_any_table(records, make, everything):
    forward = make.forward(make.call(headers=HEADERS))
    answer = Answer(201, (("Set-Cookie", "planted=session"), ("X-Kept", "of-the-answer")), b"{}")
    await records.journal.open(forward, Claim("servicenow", "key-1", "print"))
    await records.journal.close(forward, make.created(forward.call, answer=answer))

    written = everything()

    assert "planted" not in written
    assert [kept for kept in ("no-check", "00-1-2-01", "of-the-answer") if kept not in written] == []


@ONLY_SQLITE
async def test_planted_secrets_are_in_no_file_of_the_records(records, make, file):
    headers = (("Authorization", PLANTED[0]), ("Cookie", PLANTED[1]), ("x-sn-apikey", PLANTED[2]))
    target = f"/api/now/table/incident?sysparm_fields=number&api_key={PLANTED[3]}"
    forward = make.forward(make.call(headers=headers, target=target, idempotency_key="key-1"))
    outcome = make.created(forward.call)
    await records.journal.open(forward)
    await records.journal.close(forward, outcome)
    records.journal.note(make.refused(make.call("refused", headers=headers, target=target, body=PLANTED[4].encode())))

    await records.writer.close()

    written = b"".join(path.read_bytes() for path in file.parent.iterdir())
    assert b"sysparm_fields=number" in written
    assert [secret for secret in PLANTED if secret.encode() in written] == []


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("/rest/api/3/issue", "/rest/api/3/issue"),
        ("/rest/api/3/search?jql=project%3DOPS&fields=summary", "/rest/api/3/search?jql=project%3DOPS&fields=***"),
        (
            "/api/now/table/incident?sysparm_query=active=true^number=1",
            "/api/now/table/incident?sysparm_query=active=true^number=1",
        ),
        ("/x?token=a&sysparm_limit=1&token=b", "/x?token=***&sysparm_limit=1&token=***"),
        ("/x?bare", "/x?***"),
        ("/x?sysparm%5Fquery=a", "/x?sysparm%5Fquery=***"),
        ("/x?", "/x"),
        ("/x?a=&b", "/x?a=***&***"),
        ("/x?jql=a?b=c", "/x?jql=a?b=c"),
    ],
)
def test_of_a_query_only_the_values_that_say_what_was_asked_are_shown(target, shown):
    assert shown_target(target) == shown
