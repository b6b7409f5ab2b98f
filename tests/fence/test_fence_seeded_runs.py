"""Single creates over the whole space of faults, with the windows of real life in a time of their own."""

import pytest
from fence.programs import ended

LONG = [pytest.mark.long, pytest.mark.timeout(3600)]


@pytest.mark.parametrize("runs", [200, pytest.param(10_000, marks=LONG)])
async def test_whatever_goes_wrong_no_ticket_is_doubled_lost_or_lied_about(runs: int):
    told = await ended("seeded_runs.py", runs, seconds=3500 if runs > 200 else 110)

    print("\n" + told.output)
    assert "doubled 0, lost 0, lied to 0" in told.output
    assert told.code == 0


@pytest.mark.parametrize("seed", [30, 72, 636, 3109, 6151, 8829, 27395, 40734])
async def test_what_once_went_wrong_stays_mended(seed: int):
    told = await ended("seeded_runs.py", 1, seed)

    assert "doubled 0, lost 0, lied to 0" in told.output
