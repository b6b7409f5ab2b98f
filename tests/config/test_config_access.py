"""`access`: who is admitted, and what is said about a line that admits nobody."""

import json
from hashlib import sha256

import pytest

from gateway.config.documents import Text, parse
from gateway.config.environment import Overrides
from gateway.config.parse_settings import Source, parse_settings
from gateway.config.settings import Settings

DIGEST = sha256(b"secret").hexdigest()
CI = {"name": "ci", "role": "client", "sha256": DIGEST}
HEADER = {"name": "X-User", "trusted_proxies": ["10.0.0.0/24"], "roles": {"*": "viewer"}}


def faults(access: object) -> list[str]:
    source = Source(parse(Text("c.json", json.dumps({"access": access}).encode())), Overrides({}, {}, ()))
    settings = parse_settings(source)
    return [] if isinstance(settings, Settings) else [f"{each.pointer}: {each.message}" for each in settings]


def test_tokens_hosts_and_an_identity_header_are_taken():
    assert faults({"tokens": [CI], "identity_header": HEADER, "hosts": ["gateway.example.com"]}) == []


@pytest.mark.parametrize(
    ("access", "fault"),
    [
        (
            {"tokens": [CI | {"sha256": "secret"}]},
            "/access/tokens/0/sha256: must be the 64 hex digits that `itsm-gateway token` prints, "
            "never the token itself",
        ),
        (
            {"tokens": [CI | {"role": "admin"}]},
            "/access/tokens/0/role: must be one of 'viewer', 'operator', 'client', not 'admin'",
        ),
        (
            {"tokens": [CI, CI | {"sha256": "0" * 64}]},
            "/access/tokens: name ci is there twice; each token needs its own",
        ),
        (
            {"identity_header": HEADER | {"trusted_proxies": []}},
            "/access/identity_header/trusted_proxies: must name at least one: with none, nobody could sign in",
        ),
        (
            {"tokens": [CI, CI | {"name": "two"}]},
            f"/access/tokens: sha256 {DIGEST} is there twice; each token needs its own",
        ),
        (
            {"identity_header": HEADER | {"trusted_proxies": ["the proxy"]}},
            "/access/identity_header/trusted_proxies/0: "
            'must be an address or a network, such as "10.0.0.5" or "10.0.0.0/24"',
        ),
        (
            {"identity_header": HEADER | {"roles": {"ci": "client"}}},
            "/access/identity_header/roles: people are 'viewer' or 'operator'; programs use a token",
        ),
        (
            {"hosts": ["https://gateway"]},
            "/access/hosts/0: must be a host name in lower case, without scheme and port",
        ),
        ({"token": []}, "/access/token: unknown key 'token'; did you mean 'tokens'?"),
    ],
)
def test_a_line_that_cannot_work_is_named_with_its_mend(access: object, fault: str):
    assert faults(access) == [fault]
