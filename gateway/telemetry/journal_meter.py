"""What the journal's writer tells about itself; safe to call from its thread."""

from gateway.telemetry.instruments import Instruments


class JournalMeter:
    """Two calls per commit: how much waits, and what the commit took."""

    __slots__ = ("_pending", "_rows", "_seconds")

    def __init__(self, made: Instruments) -> None:
        self._pending = made.gauges["itsm_journal_pending_rows"]
        self._seconds = made.histograms["itsm_journal_commit_seconds"]
        self._rows = made.histograms["itsm_journal_commit_rows"]

    def pending(self, rows: int) -> None:
        """So many rows wait for a commit."""
        self._pending.set(rows)

    def committed(self, rows: int, seconds: float) -> None:
        """So many rows were written by one commit."""
        self._rows.observe(rows)
        self._seconds.observe(seconds)
