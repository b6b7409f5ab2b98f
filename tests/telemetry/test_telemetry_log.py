import io
import json
import logging
import threading

import pytest

from gateway.telemetry.lines import BATCH_CHARACTERS, MOST_WAITING, BatchedLines, PromptLines
from gateway.telemetry.log import configure_logging


class ATerminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class AStuckReader(io.StringIO):
    """Takes nothing until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.writing = threading.Event()
        self.let_go = threading.Event()

    def write(self, text: str) -> int:
        self.writing.set()
        self.let_go.wait(10)
        return super().write(text)


class AGoneReader(io.StringIO):
    def flush(self) -> None:
        raise BrokenPipeError


def test_lines_wait_in_a_batch_and_are_all_there_at_the_end(log, stream):
    for number in range(1000):
        log.logger.info("call closed", number=number)

    log.close()

    numbers = [json.loads(line)["number"] for line in stream.getvalue().splitlines()]
    assert numbers == list(range(1000))


def test_a_batch_is_written_by_itself_soon():
    written = threading.Event()

    class AReader(io.StringIO):
        def flush(self) -> None:
            if self.getvalue():
                written.set()

    lines = BatchedLines(AReader())
    lines.write("one line\n")

    assert written.wait(5)
    lines.close()


def test_a_terminal_shows_each_line_at_once():
    terminal = ATerminal()
    log = configure_logging("info", terminal)

    log.logger.info("listening")

    assert "listening" in terminal.getvalue()
    log.close()


def test_a_terminal_shows_events_to_people_without_secrets_and_without_control_codes(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    terminal = ATerminal()
    log = configure_logging("info", terminal)
    log.redaction.know("s3cret-passw0rd")

    log.logger.warning("finding", kind="ghost", why="not there", key="s3cret-passw0rd", hostile="\x1b[2J")
    log.logger.info("call closed", outcome="created", status=201, waits_seconds=[5.0])

    first, second = terminal.getvalue().splitlines()
    assert first[12:] == (
        'Z [warning  ] finding                kind=ghost why="not there" key=*** hostile="\\u001b[2J"'
    )
    assert second[12:] == "Z [info     ] call closed            outcome=created status=201 waits_seconds=[5.0]"
    log.close()


def test_a_terminal_shows_a_traceback_line_by_line(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    terminal = ATerminal()
    log = configure_logging("info", terminal)

    try:
        int("\x1b[2J")
    except ValueError:
        logging.getLogger("aiohttp.server").exception("request failed")
    log.close()

    said, *traceback = terminal.getvalue().splitlines()
    assert "request failed" in said
    assert traceback[0] == "Traceback (most recent call last):"
    assert traceback[-1].startswith("ValueError: invalid literal")
    assert "\x1b" not in terminal.getvalue()


def test_a_terminal_has_colors_unless_nobody_wants_them(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    terminal = ATerminal()
    log = configure_logging("info", terminal)

    log.logger.error("store failed")

    assert "\x1b[31m" in terminal.getvalue()
    log.close()


def test_events_below_the_level_are_not_written(log, stream):
    log.logger.debug("detail")
    log.logger.warning("trouble")
    log.close()

    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["trouble"]


def test_what_libraries_log_goes_the_same_way_with_its_traceback_on_the_same_line(log, stream):
    try:
        1 / 0  # noqa: B018  # the error is the example
    except ZeroDivisionError:
        logging.getLogger("aiohttp.server").exception("error handling %s", "request", extra={"call_id": "c1"})
    log.close()

    (line,) = stream.getvalue().splitlines()
    event = json.loads(line)
    assert event["event"] == "error handling request"
    assert event["logger"] == "aiohttp.server"
    assert event["level"] == "error"
    assert event["call_id"] == "c1"
    assert event["exception"].endswith("ZeroDivisionError: division by zero")


def test_what_our_rooms_say_through_logging_keeps_whom_and_what_it_is_about(log, stream):
    logging.getLogger("gateway").info("finding closed", extra={"finding_id": "f1", "by": "alice", "other": "left out"})
    logging.getLogger("gateway").error("background work failed", extra={"work": "Worker.run"})
    log.close()

    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (first["event"], first["finding_id"], first["by"]) == ("finding closed", "f1", "alice")
    assert "other" not in first
    assert second["work"] == "Worker.run"


def test_what_libraries_say_of_their_own_work_is_no_event(log, stream):
    logging.getLogger("watchfiles.main").info("1 change detected")
    logging.getLogger("gateway.web").info("call replayed")
    log.close()

    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["call replayed"]


def test_a_library_whose_format_does_not_fit_its_arguments_is_heard_all_the_same(log, stream):
    log._handler.handle(logging.LogRecord("aiohttp", logging.WARNING, "", 1, "%d apples", ("many",), None))
    log.close()

    assert json.loads(stream.getvalue())["event"] == "%d apples"


def test_a_closed_log_lets_go_of_logging(log):
    root = logging.getLogger()
    before, level = len(root.handlers), root.level

    log.close()

    assert len(root.handlers) == before - 1
    assert root.level != level


@pytest.mark.parametrize("secret", ["s3cret-passw0rd", 'quo"ted\\pass', "pässwörd", "1234"])
def test_a_known_secret_is_cut_out_wherever_it_stands_and_the_line_stays_json(log, stream, secret):
    log.redaction.know(secret)

    log.logger.info("failed", detail=f"login with {secret} refused", deep=[{"at": (secret,)}], number=12345678)
    log.close()

    event = json.loads(stream.getvalue())
    assert event["detail"] == "login with *** refused"
    assert event["deep"] == [{"at": ["***"]}]
    assert event["number"] == 12345678


def test_a_known_secret_is_cut_out_of_a_librarys_traceback(log, stream):
    log.redaction.know("s3cret-passw0rd")

    try:
        int("Basic s3cret-passw0rd")
    except ValueError:
        logging.getLogger("aiohttp.client").exception("request failed")
    log.close()

    assert "s3cret-passw0rd" not in stream.getvalue()
    assert "Basic ***" in stream.getvalue()


def test_a_text_too_short_to_be_a_secret_does_not_star_the_whole_log(log, stream):
    log.redaction.know("", "a")

    log.logger.info("call closed", path="/api")
    log.close()

    assert json.loads(stream.getvalue())["path"] == "/api"


def test_a_reader_that_stops_reading_holds_nobody_up_and_learns_what_it_missed():
    reader = AStuckReader()
    lines = BatchedLines(reader)
    lines.write("first\n")
    reader.writing.wait(5)

    for _ in range(MOST_WAITING // BATCH_CHARACTERS + 3):
        lines.write("x" * BATCH_CHARACTERS + "\n")
    reader.let_go.set()
    lines.close()

    lost = json.loads(reader.getvalue().splitlines()[-1])
    assert (lost["event"], lost["lines"]) == ("log lines lost", 3)


@pytest.mark.parametrize("lines_of", [BatchedLines, PromptLines])
def test_half_a_character_costs_no_line(lines_of):
    written = io.BytesIO()
    lines = lines_of(io.TextIOWrapper(written, encoding="utf-8"))

    lines.write('{"ticket":"whole ü"}\n')
    lines.write('{"ticket":"half \ud800"}\n')
    lines.close()

    tickets = [json.loads(line)["ticket"] for line in written.getvalue().splitlines()]
    assert tickets == ["whole ü", "half \ud800"]


def test_a_reader_that_has_gone_does_not_stop_the_gateway():
    lines = BatchedLines(AGoneReader())

    lines.write("one line\n")

    lines.close()


def test_a_closed_call_is_not_told_where_only_warnings_are_wanted():
    stream = io.StringIO()
    log = configure_logging("warning", stream)

    log.logger.info("call closed", call_id="c1")

    log.close()
    assert stream.getvalue() == ""
