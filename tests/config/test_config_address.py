"""Addresses and base URLs: what is taken, and what is refused in which words."""

import pytest
from pydantic_core import PydanticCustomError

from gateway.config.address import HostPort, parse_address, parse_base_url


@pytest.mark.parametrize(
    ("given", "parsed", "loopback"),
    [
        ("127.0.0.1:8080", HostPort("127.0.0.1", 8080), True),
        ("localhost:0", HostPort("localhost", 0), True),
        ("[::1]:8080", HostPort("::1", 8080), True),
        ("127.8.8.8:1", HostPort("127.8.8.8", 1), True),
        ("0.0.0.0:8080", HostPort("0.0.0.0", 8080), False),
        ("[::]:8080", HostPort("::", 8080), False),
        ("gateway.example.com:443", HostPort("gateway.example.com", 443), False),
    ],
)
def test_an_address_is_host_and_port(given, parsed, loopback):
    address = parse_address(given)

    assert (address, str(address), address.is_loopback) == (parsed, given, loopback)


@pytest.mark.parametrize(
    "given", ["8080", ":8080", "127.0.0.1", "127.0.0.1:65536", "::1:8080", "[zz]:1", "[1.2.3.4]:1", "a b:1", 8080, None]
)
def test_anything_else_is_no_address(given):
    with pytest.raises(PydanticCustomError, match='must be "host:port", such as'):
        parse_address(given)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://example.service-now.com/", "https://example.service-now.com"),
        ("http://localhost:9001", "http://localhost:9001"),
        ("https://api.atlassian.com/ex/jira/1234/", "https://api.atlassian.com/ex/jira/1234"),
    ],
)
def test_a_base_url_may_have_a_path_and_loses_its_last_slash(given, kept):
    assert parse_base_url(given) == kept


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("example.service-now.com", "must begin with https://"),
        ("ftp://example.com", "must begin with https://"),
        ("https://", "must begin with https://"),
        ("https://user:pw@example.com", "must not hold a user or password: secrets are never in the file"),
        ("https://example.com?a=1", "must not have a query or fragment"),
        ("https://example.com/#", "must not have a query or fragment"),
        ("https://example.com/a/../b", "has a path with empty or dotted parts"),
        ("https://example.com/a//b", "has a path with empty or dotted parts"),
        ("https://exam ple.com", "holds a space"),
        ("https://[::1", "is not a URL"),
        ("https://example.com:port", "is not a URL"),
    ],
)
def test_a_base_url_that_would_clash_with_targets_is_refused(given, said):
    with pytest.raises(PydanticCustomError, match=said):
        parse_base_url(given)
