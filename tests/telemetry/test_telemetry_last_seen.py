from dataclasses import replace

from gateway.domain.delivery import Attempt
from gateway.domain.fault import StoreUnavailable
from gateway.domain.outcome import OutcomeKind
from gateway.telemetry.last_seen import LastSeen, Sighting, StoreFailure


def test_an_upstream_is_seen_when_it_answers_and_a_failure_does_not_forget_that(an_outcome):
    seen = LastSeen(lambda: 0.0)
    broken = (Attempt(1, 2000.0, 0.1, None, "connect", 0.0),)

    seen.concluded(an_outcome(ended_at=1001.0))
    seen.concluded(replace(an_outcome(OutcomeKind.UNREACHABLE, ended_at=2000.0), attempts=broken))

    assert seen.upstreams == {"sn": Sighting(answered_at=1001.0, failed_at=2000.0, failure="connect")}


def test_a_call_that_was_sent_nowhere_says_nothing_about_an_upstream(an_outcome):
    seen = LastSeen(lambda: 0.0)

    seen.concluded(an_outcome(OutcomeKind.VALIDATION_FAILED, attempts=0))

    assert seen.upstreams == {}


def test_a_store_failure_stays_visible_until_a_later_call_was_written_down(an_outcome):
    seen = LastSeen(lambda: 1000.5)
    seen.store_failed(an_outcome().call, StoreUnavailable("disk full"))

    seen.concluded(an_outcome(received_at=1000.0))

    assert seen.store == StoreFailure(1000.5, "disk full")

    seen.concluded(an_outcome(received_at=1001.0))

    assert seen.store is None
