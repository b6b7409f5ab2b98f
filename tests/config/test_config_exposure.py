"""What keeps sound settings from being served: listeners open too far, and what this machine does not have."""

import json

from gateway.config.documents import Text, parse
from gateway.config.environment import Overrides
from gateway.config.parse_settings import Source, cannot_start, parse_settings
from gateway.config.settings import Settings

SERVICENOW = {"platform": "servicenow", "base_url": "https://example.service-now.com"}
PASSWORD = {"type": "basic", "username": "gateway", "password": {"env": "PASSWORD"}}


def refusals(data: object, environ: dict[str, str] | None = None) -> list[str]:
    source = Source(parse(Text("config.json", json.dumps(data).encode())), Overrides({}, {}, ()))
    settings = parse_settings(source)
    assert isinstance(settings, Settings), settings
    return [str(fault) for fault in cannot_start(source, settings, environ or {"PASSWORD": "x"})]


def upstream(**changes: object) -> dict[str, object]:
    return {"upstreams": {"s": SERVICENOW | changes}}


def admitted(role: str) -> dict[str, object]:
    return {"access": {"tokens": [{"name": "one", "role": role, "sha256": "0" * 64}]}}


def test_an_api_listener_beyond_loopback_needs_somebody_it_knows():
    beyond = {"listen": {"api": "0.0.0.0:8090"}}

    assert refusals(beyond) == [
        "config.json:1: /listen/api: 0.0.0.0:8090 is open to other machines: admit somebody in access.tokens "
        '(`itsm-gateway token NAME --role operator` makes one), or set "127.0.0.1:8090"'
    ]
    assert refusals(beyond | admitted("viewer")) == []


def test_a_proxy_listener_beyond_loopback_needs_client_tokens_only_with_credentials():
    open_proxy = {"listen": {"proxy": "0.0.0.0:8080"}}
    with_credentials = open_proxy | upstream(credentials=PASSWORD)
    told = [
        "config.json:1: /listen/proxy: 0.0.0.0:8080 is open to other machines, and anyone could file tickets with the "
        "credentials of 's': admit clients in access.tokens (`itsm-gateway token NAME --role client` makes one), "
        'or set "127.0.0.1:8080", or credentials {"type": "none"}'
    ]

    assert refusals(open_proxy | upstream()) == []
    assert refusals(with_credentials) == told
    assert refusals(with_credentials | admitted("viewer")) == told
    assert refusals(with_credentials | admitted("client")) == []


def test_an_upstreams_listener_beyond_loopback_is_refused_only_with_credentials():
    assert refusals(upstream(listen="0.0.0.0:8081")) == []
    assert [fault.split(": ")[1] for fault in refusals(upstream(listen="0.0.0.0:8081", credentials=PASSWORD))] == [
        "/upstreams/s/listen"
    ]


def test_an_ops_listener_may_be_anywhere():
    assert refusals({"listen": {"ops": "0.0.0.0:9000"}}) == []


def test_two_listeners_on_one_address_are_refused():
    assert refusals(upstream(listen="127.0.0.1:8090")) == [
        "config.json:1: /upstreams/s/listen: 127.0.0.1:8090 is taken by /listen/api; "
        "give each listener an address of its own"
    ]


def test_a_missing_secret_and_a_missing_certificate_file_are_named(tmp_path):
    gone = str(tmp_path / "ca.pem")

    assert refusals(upstream(credentials=PASSWORD, ca_file=gone), {"OTHER": "x"}) == [
        "config.json:1: /upstreams/s/credentials/password: the environment variable PASSWORD is not set: "
        "export PASSWORD=… before the start",
        f"config.json:1: /upstreams/s/ca_file: {gone} holds no certificates that can be read: "
        "No such file or directory",
    ]
