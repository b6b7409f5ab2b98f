"""Settings: defaults, and every kind of mistake in the words the operator reads."""

import json

import pytest

from gateway.config.documents import Text, parse
from gateway.config.environment import read_overrides
from gateway.config.parse_settings import Source, parse_settings
from gateway.config.settings import Settings
from gateway.domain.call import PlatformName
from gateway.domain.retry import RetryPolicy, Timeouts, Windows
from gateway.policy.policy import Mode, Unmatched

SERVICENOW = {"platform": "servicenow", "base_url": "https://example.service-now.com"}
JIRA = {"platform": "jira", "base_url": "https://example.atlassian.net"}


def source_of(data: object, environ: dict[str, str] | None = None) -> Source:
    text = data if isinstance(data, str) else json.dumps(data)
    return Source(parse(Text("config.json", text.encode())), read_overrides(Settings, environ or {}))


def settings_of(data: object, environ: dict[str, str] | None = None) -> Settings:
    settings = parse_settings(source_of(data, environ))
    assert isinstance(settings, Settings), settings
    return settings


def faults_of(data: object, environ: dict[str, str] | None = None) -> list[str]:
    return [str(fault) for fault in parse_settings(source_of(data, environ))]


def test_an_empty_config_has_the_documented_defaults():
    settings = settings_of({})

    assert (str(settings.listen.proxy), str(settings.listen.api)) == ("127.0.0.1:8080", "127.0.0.1:8090")
    assert settings.store.url == "sqlite+aiosqlite:///itsm-gateway.db"
    assert (settings.store.retention_days.calls, settings.store.retention_days.tickets) == (30, 400)
    assert (settings.mode, settings.limits.max_body_bytes) == (Mode.ENFORCE, 10_000_000)


def test_each_platform_has_its_own_windows_and_single_keys_override_them():
    settings = settings_of({"upstreams": {"s": SERVICENOW, "j": JIRA | {"reconcile": {"settle_seconds": 0}}}})

    assert settings.upstreams["s"].windows == Windows(settle_seconds=2, late_effect_seconds=65)
    assert settings.upstreams["j"].windows == Windows(settle_seconds=0, late_effect_seconds=75)


def test_an_upstream_overrides_retry_and_timeouts_key_by_key():
    settings = settings_of(
        {
            "retry_policy": {"max_retries": 5, "retry_delay_seconds": 1},
            "timeout": {"read_timeout_seconds": 20},
            "upstreams": {
                "s": SERVICENOW | {"retry_policy": {"max_retries": 0}, "timeout": {"total_timeout_seconds": 40}}
            },
        }
    )

    rules = settings.upstream_rules()["s"]

    assert rules.retry == RetryPolicy(max_retries=0, retry_delay_seconds=1)
    assert (rules.platform, rules.unmatched) == (PlatformName.SERVICENOW, Unmatched.FORWARD)
    assert settings.upstreams["s"].timeouts(settings.timeout) == Timeouts(10, 20, 40)


def test_a_variable_stands_over_the_file():
    settings = settings_of({"mode": "off", "upstreams": {"s": SERVICENOW}}, {"ITSM_GATEWAY__MODE": "warn"})

    assert (settings.mode, list(settings.upstreams)) == (Mode.WARN, ["s"])


def upstream(**changes: object) -> dict[str, object]:
    return {"upstreams": {"s": SERVICENOW | changes}}


FAULTS = [
    ([], ["config.json:1: the config must be an object: { … }"]),
    ({"upstream": {}}, ["config.json:1: /upstream: unknown key 'upstream'; did you mean 'upstreams'?"]),
    (
        upstream(retry_policy={"max_retires": 1}),
        [
            "config.json:1: /upstreams/s/retry_policy/max_retires: unknown key 'max_retires'; "
            "did you mean 'max_retries'?"
        ],
    ),
    (
        {"listen": {"zzz": 1}},
        ["config.json:1: /listen/zzz: unknown key 'zzz'; known keys: api, ops, proxy, tls"],
    ),
    (
        {"upstreams": {"s": {"platform": "servicenow"}}},
        ["config.json:1: /upstreams/s/base_url: the key 'base_url' is missing"],
    ),
    (
        upstream(platform="snow"),
        ["config.json:1: /upstreams/s/platform: must be one of 'servicenow', 'jira', not 'snow'"],
    ),
    (
        upstream(base_url="example.com"),
        [
            "config.json:1: /upstreams/s/base_url: must begin with https:// (or http://) and a host, "
            "such as https://example.service-now.com"
        ],
    ),
    (
        {"upstreams": {"My Jira": JIRA}},
        [
            "config.json:1: /upstreams/My Jira: an upstream's name is lower-case letters, digits and - between them, "
            "at most 63"
        ],
    ),
    (
        {"listen": {"api": "8090"}},
        ['config.json:1: /listen/api: must be "host:port", such as "127.0.0.1:8080" or "[::1]:8080"'],
    ),
    ({"mode": "strict"}, ["config.json:1: /mode: must be one of 'enforce', 'warn', 'off', not 'strict'"]),
    ({"listen": []}, ["config.json:1: /listen: must be an object, not a list"]),
    (
        {"limits": {"max_connections": "many"}},
        ["config.json:1: /limits/max_connections: must be a whole number, not 'many'"],
    ),
    ({"limits": {"max_connections": 0}}, ["config.json:1: /limits/max_connections: must be at least 1, not 0"]),
    (
        {"store": {"url": "mysql://db/x"}},
        [
            "config.json:1: /store/url: must be sqlite+aiosqlite:/// and a file's path, "
            "or postgresql+asyncpg://user@host/name for several replicas"
        ],
    ),
    (
        upstream(credentials={"type": "basic", "username": "u", "password": "hunter2"}),
        [
            "config.json:1: /upstreams/s/credentials/password: secrets are never in the file: "
            'use {"env": "NAME"} or {"file": "path"}'
        ],
    ),
    (
        upstream(credentials={"type": "bearer", "token": {"env": "A", "file": "b"}}),
        ['config.json:1: /upstreams/s/credentials/token: needs exactly one of {"env": "NAME"} and {"file": "path"}'],
    ),
    (
        upstream(credentials={"type": "oauth"}),
        [
            "config.json:1: /upstreams/s/credentials: "
            "`type` must be one of 'basic', 'bearer', 'header', 'none', not 'oauth'"
        ],
    ),
    (
        upstream(credentials={"user": "x"}),
        [
            "config.json:1: /upstreams/s/credentials: the key 'type' is missing: "
            "one of 'basic', 'bearer', 'header', 'none'"
        ],
    ),
    (
        upstream(credentials={"type": "basic", "usrname": "u", "password": {"env": "P"}}),
        [
            "config.json:1: /upstreams/s/credentials/username: the key 'username' is missing",
            "config.json:1: /upstreams/s/credentials/usrname: unknown key 'usrname'; did you mean 'username'?",
        ],
    ),
    (
        upstream(tls={"certificate": "a"}),
        ["config.json:1: /upstreams/s/tls/key: the key 'key' is missing"],
    ),
    (
        {"access": {"tokens": [{"name": "ci"}]}},
        [
            "config.json:1: /access/tokens/0/role: the key 'role' is missing",
            "config.json:1: /access/tokens/0/sha256: the key 'sha256' is missing",
        ],
    ),
]


@pytest.mark.parametrize(("data", "said"), FAULTS, ids=lambda value: json.dumps(value)[:50])
def test_a_mistake_is_told_in_plain_words(data, said):
    assert faults_of(data) == said


def test_all_mistakes_are_told_at_once_each_on_its_line():
    text = '{\n"mode": "strict",\n"listen": {\n"api": "x"\n},\n"stor": {}\n}'

    assert {fault.partition(" ")[0] for fault in faults_of(text)} == {f"config.json:{line}:" for line in (2, 4, 6)}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("STORE__URLL", "x", "unknown key 'urll'; did you mean 'url'?"),
        ("MODE", "strict", "must be one of 'enforce', 'warn', 'off', not 'strict'"),
        ("LIMITS__MAX_CONNECTIONS", "many", "must be a whole number, not 'many'"),
        ("RETRY_POLICY__RETRYABLE_STATUS_CODES", "503,", "must be a list, not '503,'"),
    ],
)
def test_a_mistake_in_the_environment_names_its_variable(name, value, said):
    variable = f"ITSM_GATEWAY__{name}"

    told = faults_of({}, {variable: value})

    assert told == [f"environment:0: {variable}: {said}"]


def test_no_message_shows_a_literal_secret_or_pydantics_own_words():
    faults = faults_of(upstream(credentials={"type": "basic", "username": "u", "password": "hunter2"}, x=1) | {"y": 2})

    assert len(faults) == 3
    assert not any(word in " ".join(faults) for word in ("hunter2", "pydantic", "Extra inputs", "errors."))
