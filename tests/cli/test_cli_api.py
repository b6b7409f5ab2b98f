"""Commands that need a running gateway find it by the config, and say in one line where it is not."""

import json
import socket

import pytest
from typer.testing import CliRunner

from gateway.cli.app import app
from gateway.config.api_address import api_url


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["outbox", "list", *arguments])
    assert result.stdout == ""
    return result.exit_code, result.stderr


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def test_a_gateway_that_is_not_there_is_one_line(closed_port):
    code, err = run("--api", f"http://127.0.0.1:{closed_port}")

    assert (code, len(err.splitlines())) == (2, 1)
    assert f"no gateway answers at http://127.0.0.1:{closed_port}: Connection refused" in err


def test_the_config_says_where_it_is(place, closed_port):
    config = {"listen": {"api": f"127.0.0.1:{closed_port}"}}
    (place / "config" / "itsm_config.json").write_text(json.dumps(config))

    code, err = run()

    assert code == 2
    assert f"http://127.0.0.1:{closed_port}" in err


@pytest.mark.parametrize(
    ("listen", "asked"), [("0.0.0.0:8090", "http://127.0.0.1:8090"), ("[::]:8090", "http://[::1]:8090")]
)
def test_a_gateway_that_listens_everywhere_is_asked_on_this_machine(tmp_path, listen, asked):
    (tmp_path / "config.json").write_text(json.dumps({"listen": {"api": listen}}))

    assert api_url(tmp_path / "config.json", {}) == asked


def test_a_gateway_that_speaks_https_is_asked_so(tmp_path):
    listen = {"api": "127.0.0.1:8090", "tls": {"certificate": "tls.crt", "key": "tls.key"}}
    (tmp_path / "config.json").write_text(json.dumps({"listen": listen}))

    assert api_url(tmp_path / "config.json", {}) == "https://127.0.0.1:8090"


def test_without_config_and_address_the_mend_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    code, err = run()

    assert code == 2
    assert "--config FILE or --api URL" in err


def test_a_faulty_config_is_told_by_file_and_line(place):
    (place / "config" / "itsm_config.json").write_text('{\n "listen": {"api": 7}\n}')

    code, err = run()

    assert code == 1
    assert err.startswith("config/itsm_config.json:2: /listen/api:")


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [("--api", "gateway:8090", "write one such as http://127.0.0.1:8090"), ("--token-file", "nowhere", "No such file")],
)
def test_an_option_that_cannot_be_used_is_named(place, option, value, told):
    code, err = run(option, value)

    assert (code, len(err.splitlines())) == (2, 1)
    assert told in err
