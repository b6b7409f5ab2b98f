"""The program as a whole: help, version, exit codes, and errors that nobody expected."""

import errno
import os
import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from gateway import __version__
from gateway.cli.app import app, main
from gateway.cli.options import LogLevel
from gateway.cli.serve import _explain
from gateway.cli.stop import LastWord

COMMANDS = ["demo", "init", "serve", "check", "explain", "render", "schema"]
runner = CliRunner()


def test_the_version_is_printed():
    result = runner.invoke(app, ["--version"])

    assert (result.exit_code, result.output) == (0, f"itsm-gateway {__version__}\n")


def test_help_lists_every_command_and_the_exit_codes():
    result = runner.invoke(app, ["--help"])

    assert result.exit_code == 0
    assert all(command in result.output for command in COMMANDS)
    assert "Exit codes: 0 fine, 1 faults were found, 2 the command cannot run." in result.output


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_teaches_with_an_example(command):
    result = runner.invoke(app, [command, "--help"], env={"COLUMNS": "200"})

    assert result.exit_code == 0
    assert "Example:" in result.output
    assert "itsm-gateway" in result.output


def test_an_unknown_command_or_option_exits_with_2():
    assert runner.invoke(app, ["chek"]).exit_code == 2
    assert runner.invoke(app, ["check", "--polices", "x"]).exit_code == 2


def test_python_m_gateway_is_the_same_program_and_help_imports_nothing_heavy():
    script = (
        "import runpy, sys; sys.argv = ['itsm-gateway', '--version']\n"
        "try: runpy.run_module('gateway', run_name='__main__')\n"
        "except SystemExit as done: code = done.code\n"
        "heavy = {'aiohttp', 'sqlalchemy', 'jsonschema', 'pydantic_settings', 'yaml', 'watchfiles'}\n"
        "print(code, sorted(heavy & sys.modules.keys()))"
    )

    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert ran.stdout == f"itsm-gateway {__version__}\n0 []\n"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["chek"], "No such command 'chek'. Did you mean 'check', 'schema'? See itsm-gateway --help"),
        (
            ["check", "--polices", "x"],
            "No such option: --polices (Possible options: --policies). See itsm-gateway check --help",
        ),
        (
            ["token", "x"],
            "Missing option '--role'. Choose from: viewer, operator, client. See itsm-gateway token --help",
        ),
        (
            ["schema", "x"],
            "Invalid value for '[WHAT]': 'x' is not one of 'policy', 'openapi'. See itsm-gateway schema --help",
        ),
    ],
)
def test_what_was_typed_wrongly_is_told_in_one_line_that_names_the_help(monkeypatch, capsys, typed, told):
    monkeypatch.setattr(sys, "argv", ["itsm-gateway", *typed])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 2
    assert capsys.readouterr().err == f"itsm-gateway: {told}\n"


def test_without_a_command_the_help_is_all_that_is_said(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["itsm-gateway"])

    with pytest.raises(SystemExit) as ended:
        main()

    said = capsys.readouterr()
    assert ended.value.code == 2
    assert "Usage: itsm-gateway" in said.out
    assert said.err == ""


def test_a_command_that_finds_faults_exits_with_its_own_code(monkeypatch, capsys, tmp_path):
    (tmp_path / "config.json").write_text('{"mod": "warn"}')
    monkeypatch.setattr(sys, "argv", ["itsm-gateway", "check", "-c", f"{tmp_path}/config.json", "-p", str(tmp_path)])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 1
    assert "did you mean 'mode'?" in capsys.readouterr().err


def test_a_question_that_is_not_answered_ends_with_one_line(capsys):
    with pytest.raises(SystemExit) as ended, LastWord():
        raise typer.Abort

    assert ended.value.code == 1
    assert capsys.readouterr().err == "\nitsm-gateway: ended; nothing was done\n"


def test_an_unexpected_error_is_one_line_and_exit_code_2(capsys):
    with pytest.raises(SystemExit) as ended, LastWord():
        raise RuntimeError("the moon\nis blue")

    assert ended.value.code == 2
    assert capsys.readouterr().err == (
        "itsm-gateway: unexpected RuntimeError: the moon is blue; --log-level debug shows where\n"
    )


def test_debug_shows_where_an_unexpected_error_came_from(capsys):
    last_word = LastWord()
    last_word.log_level = LogLevel.DEBUG

    with pytest.raises(SystemExit), last_word:
        raise RuntimeError("the moon")

    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EADDRINUSE, "end the other program, or give that listener another port in config.json"),
        (errno.EADDRNOTAVAIL, "this machine has no such address: change that listener in config.json"),
        (errno.EACCES, "use a port from 1024 up, or a file that this user may read and write"),
        (errno.ENOSPC, os.strerror(errno.ENOSPC)),
    ],
)
def test_what_the_system_refuses_is_told_with_the_key_to_change(number, said):
    assert said in _explain(OSError(number, os.strerror(number)), "config.json")
