"""Every form in which the platforms say how long to wait."""

import pytest

from gateway.domain.verdict import Answer
from gateway.platforms.retry_after import retry_after

CLOCK = 1_790_000_000.0  # 2026-09-21T14:13:20Z


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "120"}, 120.0),
        ({"Retry-After": " 7 "}, 7.0),
        ({"retry-after": "0"}, 0.0),
        ({"Retry-After": "-5"}, 0.0),
        ({"Retry-After": "Mon, 21 Sep 2026 14:14:20 GMT"}, 60.0),
        ({"Retry-After": "Monday, 21-Sep-26 14:14:20 GMT"}, 60.0),
        ({"Retry-After": "Mon, 21 Sep 2026 14:14:20 -0000"}, 60.0),
        ({"Retry-After": "Mon, 21 Sep 2026 14:00:00 GMT"}, 0.0),
        ({"Beta-Retry-After": "1847"}, 1847.0),
        ({"X-RateLimit-Reset": "1790000090"}, 90.0),
        ({"X-RateLimit-Reset": "1789999999"}, 0.0),
        ({"X-RateLimit-Reset": "2026-09-21T14:13:50Z"}, 30.0),
        ({"X-RateLimit-Reset": "2026-09-21T14:15Z"}, 100.0),
        ({"X-RateLimit-Reset": "2026-09-21T14:13:50"}, 30.0),
        ({"X-RateLimit-Reset": "2026-09-21T16:13:50+02:00"}, 30.0),
        ({"X-Beta-RateLimit-Reset": "2026-09-21T14:13:50Z"}, 30.0),
        ({"Retry-After": "soon", "X-RateLimit-Reset": "1790000090"}, 90.0),
        ({"Retry-After": "3", "X-RateLimit-Reset": "1790003600"}, 3.0),
    ],
)
def test_a_wait_is_read_in_every_form_that_a_platform_uses(headers, seconds):
    answer = Answer(429, tuple(headers.items()), b"")

    assert retry_after(answer, CLOCK) == seconds


@pytest.mark.parametrize(
    "text",
    ["", "soon", "1.5", "1e3", "٣", "9" * 5000, "Mon, 99 Sep 2026 14:14:20 GMT", "\x00", "2026-13-45T99:99Z"],
)
@pytest.mark.parametrize("header", ["Retry-After", "X-RateLimit-Reset"])
def test_nonsense_names_no_time(header, text):
    answer = Answer(429, ((header, text),), b"")

    assert retry_after(answer, CLOCK) is None


def test_the_reset_of_a_rate_limit_says_nothing_about_an_error_of_the_platform():
    answer = Answer(503, (("X-RateLimit-Reset", "1790003600"),), b"")

    assert retry_after(answer, CLOCK) is None
