"""End-to-end headers pass in their order and case; logins only where the gateway has none of its own."""

import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from gateway.domain.call import Headers
from gateway.upstream.headers import downward, local_cookie, upward


def sent(headers: Headers, credentials: Headers | None = None) -> list[tuple[str, str]]:
    return list(upward(headers, credentials=credentials, peer="", dialled="http://gateway").items())


def test_end_to_end_headers_pass_in_their_order_and_spelling():
    headers = (("X-Atlassian-Token", "no-check"), ("accept-LANGUAGE", "de"), ("traceparent", "00-1"), ("X-B", "1"))

    assert sent(headers) == list(headers)


def test_a_repeated_header_keeps_its_values_and_spellings():
    repeated = [("X-B", "1"), ("X-b", "3"), ("X-B", "2")]

    assert sent(tuple(repeated)) == repeated


@pytest.mark.parametrize(
    "name",
    [
        "Connection", "Keep-Alive", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Host",
        "X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL", "x_under_score",
        "ITSM-Template", "Idempotency-Key", "Expect", "HTTP2-Settings", "Content-Length",
    ],
)  # fmt: skip
def test_what_belongs_to_this_hop_or_to_the_gateway_does_not_pass(name: str):
    assert sent(((name, "x"),)) == []


def test_what_connection_names_does_not_pass():
    assert sent((("Connection", "close, X-Secret"), ("X-Secret", "1"), ("X-Other", "2"))) == [("X-Other", "2")]


def test_prefer_passes_unless_it_is_meant_for_the_gateway():
    assert sent((("Prefer", "respond-async"),)) == []
    assert sent((("Prefer", "return=minimal"),)) == [("Prefer", "return=minimal")]
    assert sent((("Prefer", "return=minimal, Respond-Async; x=1,wait=5"),)) == [("Prefer", "return=minimal,wait=5")]


@pytest.mark.parametrize("name", ["Authorization", "Cookie", "X-sn-apikey", "X-UserToken"])
def test_a_clients_login_passes_only_where_the_gateway_has_none(name: str):
    assert sent(((name, "theirs"),)) == [(name, "theirs")]
    assert sent(((name, "theirs"),), credentials=(("Authorization", "ours"),)) == [("Authorization", "ours")]


def test_connection_cannot_take_the_gateways_own_login_away():
    assert sent((("Connection", "authorization"),), credentials=(("Authorization", "ours"),)) == [
        ("Authorization", "ours")
    ]


def test_three_cookies_stay_three():
    answered = CIMultiDictProxy(CIMultiDict([("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Set-Cookie", "c=3")]))

    assert [value for _, value in downward(answered, ours=False)] == ["a=1", "b=2", "c=3"]
    assert downward(answered, ours=True) == ()


def test_nobody_but_the_gateway_speaks_in_its_headers():
    answered = CIMultiDictProxy(CIMultiDict([("Itsm-Outcome", "created"), ("X-Other", "1")]))

    assert downward(answered, ours=False) == (("X-Other", "1"),)


def test_what_an_answers_connection_names_does_not_pass():
    answered = CIMultiDictProxy(CIMultiDict([("Connection", "keep-alive"), ("Connection", "X-Hop"), ("x-hop", "1")]))

    assert downward(answered, ours=False) == ()


def test_a_cookie_is_made_fit_for_a_plain_http_listener():
    cookie = "JSESSIONID=1; Path=/; Domain=.service-now.com; Secure; HttpOnly"

    assert local_cookie(cookie, https=False) == "JSESSIONID=1; Path=/; HttpOnly"
    assert local_cookie(cookie, https=True) == "JSESSIONID=1; Path=/; Secure; HttpOnly"
