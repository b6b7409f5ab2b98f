"""A time is told in UTC, to the nearest millisecond."""

from datetime import UTC, datetime

import pytest

from gateway.telemetry.instants import instant


@pytest.mark.parametrize(
    ("unix_seconds", "told"),
    [
        (0.0, "1970-01-01T00:00:00.000+00:00"),
        (1_800_000_000.29, "2027-01-15T08:00:00.290+00:00"),
        (1_800_000_000.0014, "2027-01-15T08:00:00.001+00:00"),
        (1_800_000_059.9996, "2027-01-15T08:01:00.000+00:00"),
    ],
)
def test_a_time_is_told_to_the_nearest_millisecond(unix_seconds, told):
    assert instant(unix_seconds) == told


def test_what_was_given_in_milliseconds_is_told_as_it_was_given():
    for milliseconds in range(1_764_000_000_000, 1_764_000_002_000, 7):
        assert datetime.fromisoformat(instant(milliseconds / 1000)) == datetime.fromtimestamp(milliseconds / 1000, UTC)
