"""`token`: a secret that is shown once, and the line that admits it."""

import json
from hashlib import sha256

import pytest
from typer.testing import CliRunner

from gateway.cli.app import app
from gateway.config.access import AccessToken


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["token", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_a_token_comes_with_the_line_that_admits_it():
    code, out, _ = run("nightly-batch", "--role", "client")

    token, line = (part.strip() for part in out.split("\n\n"))
    admitted = AccessToken.model_validate_json(line)
    assert code == 0
    assert (admitted.name, admitted.role) == ("nightly-batch", "client")
    assert admitted.sha256 == sha256(token.encode()).hexdigest()


def test_scripts_get_both_as_json():
    _, out, _ = run("ci", "--role", "viewer", "--format", "json")

    told = json.loads(out)
    assert told["config"]["sha256"] == sha256(told["token"].encode()).hexdigest()


def test_no_two_tokens_are_alike():
    assert run("ci", "--role", "viewer")[1] != run("ci", "--role", "viewer")[1]


@pytest.mark.parametrize("name", ["", "a b", "-ci", "x" * 101, "né"])
def test_a_name_that_no_record_could_show_is_refused(name: str):
    code, out, err = run("--role", "viewer", "--", name)

    assert (code, out) == (2, "")
    assert "must be 1 to 100 letters" in err
    assert "Traceback" not in err
