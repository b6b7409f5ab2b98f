"""Five minutes without upstreams and two restarts, in a time of their own: all is accepted, and made once later."""

import json

import pytest
from fence.programs import ended

OUTAGE_SECONDS = 300
AT_ONCE = 4
"""So many queued creates are on their way to one upstream together, and may arrive in any order."""
LONG = [pytest.mark.long, pytest.mark.timeout(3600)]


@pytest.mark.parametrize("each_second", [1, pytest.param(20, marks=LONG)])
async def test_what_is_filed_in_an_outage_is_accepted_and_made_once_the_oldest_first(each_second: int):
    creates = each_second * OUTAGE_SECONDS

    told = await ended("outage.py", each_second, seconds=3500 if each_second > 1 else 110)

    print("\n" + told.output)
    figures = json.loads(told.output)
    assert (figures["accepted"], figures["answers"]) == (creates, {"202": creates})
    assert (figures["tickets"], figures["doubled"], figures["lost"]) == (creates, 0, 0)
    assert figures["attempts_per_ticket"] <= 1.2
    assert figures["out_of_order"] < AT_ONCE
