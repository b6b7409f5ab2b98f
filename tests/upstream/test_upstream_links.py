"""API links lead back through the gateway, wherever a chunk ends; nothing else changes."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.call import PlatformName
from gateway.platforms.registry import PLATFORMS
from gateway.upstream.links import Links, LinkStream

INSTANCE = "https://example.service-now.com"
SITE = "https://example.atlassian.net"
DIALLED = "http://127.0.0.1:8080/servicenow"
SERVICENOW = Links.of(PLATFORMS[PlatformName.SERVICENOW], INSTANCE)
JIRA = Links.of(PLATFORMS[PlatformName.JIRA], SITE)


def test_a_reference_link_leads_back_through_the_gateway():
    body = b'{"result":{"caller_id":{"link":"https://example.service-now.com/api/now/table/sys_user/1","value":"1"}}}'

    rewritten = SERVICENOW.in_body(body, DIALLED)

    assert b'"link":"http://127.0.0.1:8080/servicenow/api/now/table/sys_user/1"' in rewritten


def test_every_page_of_a_link_header_leads_back():
    given_headers = (
        ("Link", f'<{INSTANCE}/api/now/table/x?sysparm_offset=0>;rel="first",<{INSTANCE}/api/now/table/x>;rel="next"'),
    )

    ((_, value),) = SERVICENOW.in_headers(given_headers, DIALLED)

    assert value.count(DIALLED) == 2
    assert INSTANCE not in value


@pytest.mark.parametrize(
    "body",
    [
        b'{"description":"see https://example.atlassian.net/rest/api/2/issue/1"}',
        b'{"description":"https://example.atlassian.net/rest/api/2/issue/1"}',
        b'{"self":"https://example.atlassian.net/browse/OPS-1"}',
        b'{"_links":{"web":"https://example.atlassian.net/rest/x"}}',
        b'{"self":"https://example.atlassian.net.evil.example/rest/api/2/issue/1"}',
    ],
)
def test_texts_and_human_links_stay_as_they_are(body: bytes):
    assert JIRA.in_body(body, DIALLED) == body


LINKED = (
    b'{"issues":[{"self": "https://example.atlassian.net/rest/api/2/issue/1","summary":"x"},'
    b'{"self":"https://example.atlassian.net/rest/api/2/issue/2"}],"text":"https://example.atlassian.net/rest/"}'
)


@given(st.lists(st.integers(0, len(LINKED)), max_size=12))
def test_wherever_the_chunks_end_the_stream_is_rewritten_like_the_whole(cuts: list[int]):
    edges = [0, *sorted(cuts), len(LINKED)]
    stream = LinkStream(JIRA, DIALLED)

    rewritten = b"".join(stream.feed(LINKED[a:b]) for a, b in itertools.pairwise(edges)) + stream.flush()

    assert rewritten == JIRA.in_body(LINKED, DIALLED)
    assert rewritten.count(DIALLED.encode()) == 2
