"""Lines written in batches: a system call per line costs more than the line."""

import json
import threading
from typing import Final, TextIO

FLUSH_SECONDS: Final = 0.2
BATCH_CHARACTERS: Final = 256 * 1024
MOST_WAITING: Final = 4 * 1024 * 1024
"""Characters that may wait for a reader that has stopped reading; what comes after is dropped and counted."""


class PromptLines:
    """For a person who watches: every line at once."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, line: str) -> None:
        """Show one line, its newline included."""
        self._stream.write(_encodable(line))
        self._stream.flush()

    def close(self) -> None:
        """Nothing waits."""


class BatchedLines:
    """For a collector: a thread writes what has gathered, so that a slow reader never holds up a call."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._some = threading.Event()
        self._full = threading.Event()
        self._waiting: list[str] = []
        self._size = 0
        self._lost = 0
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="log lines", daemon=True)
        self._thread.start()

    def write(self, line: str) -> None:
        """Take one line, its newline included; never waits for the stream."""
        with self._lock:
            if self._size > MOST_WAITING:
                self._lost += 1
                return
            first = not self._waiting
            self._waiting.append(line)
            self._size += len(line)
        if first:
            self._some.set()
        if self._size >= BATCH_CHARACTERS:
            self._full.set()

    def close(self) -> None:
        """Write what is left; safe to call twice."""
        self._closing = True
        self._some.set()
        self._full.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closing:
            self._some.wait()
            self._full.wait(FLUSH_SECONDS)
            self._flush()
        self._flush()

    def _flush(self) -> None:
        with self._lock:
            lines, self._waiting, self._size = self._waiting, [], 0
            lost, self._lost = self._lost, 0
            self._some.clear()
            self._full.clear()
        if lost:
            lines.append(json.dumps({"event": "log lines lost", "level": "error", "lines": lost}) + "\n")
        try:
            self._stream.write(_encodable("".join(lines)))
            self._stream.flush()
        except (OSError, ValueError):  # the reader has gone, or the stream is closed: nobody is left to be told
            return


def _encodable(text: str) -> str:
    """Half a character, which an upstream's JSON may hold, is written as JSON writes it: no stream could encode it."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
