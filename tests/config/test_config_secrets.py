"""Where secrets come from, and that they are shown nowhere."""

import os
from pathlib import Path

import pytest

from gateway.config.credentials import log_in, reported
from gateway.config.secrets import SecretMissing, SecretReference, find_secret
from gateway.config.upstream_settings import (
    BasicCredentials,
    BearerCredentials,
    HeaderCredentials,
    NoCredentials,
)

ENVIRON = {"PASSWORD": "open sesame"}
FROM_ENV = SecretReference(env="PASSWORD")


def test_a_secret_is_read_from_the_environment_and_shows_stars():
    secret = find_secret(FROM_ENV, ENVIRON)

    assert secret.reveal() == "open sesame"
    assert (repr(secret), str(secret), f"{secret}") == ("***", "***", "***")


def test_a_secret_file_is_read_again_when_it_changes(tmp_path: Path):
    path = tmp_path / "password"
    path.write_text("first\n")
    secret = find_secret(SecretReference(file=str(path)), {})
    before = secret.reveal()
    path.write_text("second one\n")

    assert (before, secret.reveal(), repr(secret)) == ("first", "second one", "***")


def test_a_secret_file_replaced_by_one_of_equal_size_and_time_is_read_again(tmp_path: Path):
    path, fresh = tmp_path / "password", tmp_path / "fresh"
    path.write_text("first\n")
    fresh.write_text("other\n")
    os.utime(path, ns=(1, 1))
    os.utime(fresh, ns=(1, 1))
    secret = find_secret(SecretReference(file=str(path)), {})
    fresh.replace(path)

    assert secret.reveal() == "other"


def test_a_secret_file_that_vanishes_or_is_emptied_leaves_the_last_good_value(tmp_path: Path):
    path = tmp_path / "password"
    path.write_text("kept")
    secret = find_secret(SecretReference(file=str(path)), {})
    path.write_text("")
    emptied = secret.reveal()
    path.unlink()

    assert (emptied, secret.reveal()) == ("kept", "kept")


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, "the environment variable PASSWORD is not set: export PASSWORD=… before the start"),
        ({"PASSWORD": ""}, "the environment variable PASSWORD is not set: export PASSWORD=… before the start"),
        (
            {"PASSWORD": "a\nb"},
            "the environment variable PASSWORD holds a control character or a line break, which no header can carry",
        ),
    ],
)
def test_a_variable_that_holds_no_secret_is_named(environ, said):
    with pytest.raises(SecretMissing) as missing:
        find_secret(FROM_ENV, environ)

    assert str(missing.value) == said


def test_a_secret_file_that_is_not_there_or_not_text_is_named(tmp_path: Path):
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe")

    with pytest.raises(SecretMissing, match="gone cannot be read: No such file or directory"):
        find_secret(SecretReference(file=str(tmp_path / "gone")), {})
    with pytest.raises(SecretMissing, match="binary is not UTF-8 text"):
        find_secret(SecretReference(file=str(binary)), {})


@pytest.mark.parametrize(
    ("credentials", "headers"),
    [
        (
            BasicCredentials(type="basic", username="gateway", password=FROM_ENV),
            (("Authorization", "Basic Z2F0ZXdheTpvcGVuIHNlc2FtZQ=="),),
        ),
        (BearerCredentials(type="bearer", token=FROM_ENV), (("Authorization", "Bearer open sesame"),)),
        (HeaderCredentials(type="header", name="x-sn-apikey", value=FROM_ENV), (("x-sn-apikey", "open sesame"),)),
    ],
)
def test_credentials_become_the_header_that_logs_in(credentials, headers):
    logged_in = log_in(credentials, ENVIRON)

    assert logged_in is not None
    assert logged_in() == headers
    assert "sesame" not in repr(credentials)


def test_without_credentials_nobody_logs_in():
    assert log_in(NoCredentials(type="none"), {}) is None


def test_a_login_makes_its_secrets_known_and_again_when_they_change(tmp_path):
    known: list[str] = []
    file = tmp_path / "password"
    file.write_text("first-secret")
    credentials = BasicCredentials(type="basic", username="gateway", password=SecretReference(file=str(file)))

    login = reported(log_in(credentials, {}), lambda *secrets: known.extend(secrets))
    at_start = list(known)
    file.write_text("second-secret!")
    login()
    login()

    assert "first-secret" in at_start
    assert known.count("second-secret!") == 1
