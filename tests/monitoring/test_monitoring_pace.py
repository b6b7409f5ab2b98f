"""A drill goes as fast as the machine can scrape, and everything in it stretches alike."""

import pytest
from monitoring.pace import Pace, pace_for


@pytest.mark.parametrize(("round_seconds", "slowness"), [(0.05, 1.0), (0.125, 1.0), (0.25, 2.0), (30.0, 6.0)])
def test_a_machine_that_scrapes_slowly_drills_slowly_within_reason(round_seconds, slowness):
    assert pace_for(round_seconds).slowness == pytest.approx(slowness)


def test_windows_and_scrapes_keep_their_proportion():
    quick, slow = Pace(1.0), Pace(2.5)

    assert (quick.factor, quick.scrape, quick.seconds(50)) == (60, "500ms", 50)
    assert slow.stretched({"timeout": {"read_timeout_seconds": 2}, "other": [1]}) == {
        "timeout": {"read_timeout_seconds": 5.0},
        "other": [1],
    }
    assert (slow.factor, slow.scrape, slow.seconds(50), slow.span(4)) == (24, "1250ms", 125, "10s")
