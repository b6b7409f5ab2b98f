"""What the journal's writer tells about itself; safe to call from its thread, and from no other besides."""

from gateway.telemetry.instruments import Instruments


class JournalMeter:
    """Two calls per commit: how much waits, and what the commit took."""

    __slots__ = ("_pending", "_rows", "_seconds")

    def __init__(self, made: Instruments) -> None:
        self._pending = 0
        made.gauges["itsm_journal_pending_rows"].set_function(lambda: self._pending)
        self._seconds = made.histograms["itsm_journal_commit_seconds"].labels()
        self._rows = made.histograms["itsm_journal_commit_rows"].labels()

    def pending(self, rows: int) -> None:
        """So many rows wait for a commit."""
        self._pending = rows

    def committed(self, rows: int, seconds: float) -> None:
        """So many rows were written by one commit."""
        self._rows.observe(rows)
        self._seconds.observe(seconds)
