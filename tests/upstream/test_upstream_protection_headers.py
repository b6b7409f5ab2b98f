"""What the rate-limit headers of both platforms say about the next call."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.call import PlatformName
from gateway.domain.verdict import Answer
from gateway.upstream.protection.ask import HeldReason
from gateway.upstream.protection.rate_fields import rate_fields
from gateway.upstream.protection.rate_headers import PLENTY, Allowance, Overrun, allowance, overrun, rate_headers

WALL = 1_790_000_000.0  # 2026-09-21T14:13:20Z: 2,800 s before the top of the hour
SERVICENOW, JIRA = PlatformName.SERVICENOW, PlatformName.JIRA
QUOTA, BURST, ISSUE, SEMAPHORE = HeldReason.QUOTA, HeldReason.BURST, HeldReason.ISSUE, HeldReason.SEMAPHORE

HOURLY_RULE = {
    "Retry-After": "1200",
    "X-RateLimit-Limit": "100",
    "X-RateLimit-Reset": "1790001200",
    "X-RateLimit-Rule": "5ac8b5c7dbd1a300b8f9fb8c0f9619b0",
}
EDGE = {
    "X-Failure-Category": "FAILURE_CLIENT_RATE_LIMITED",
    "X-Ratelimit-Limit": "360000",
    "X-Ratelimit-Remaining": "0",
    "X-RateLimit-Reset": "2026-09-21T14:14Z",
}
TOKENS = {"X-RateLimit-Limit": "100", "X-RateLimit-FillRate": "10", "X-RateLimit-Interval-Seconds": "5"}
POLICY = {"RateLimit-Policy": '"global-app-quota";q=65000;w=3600'}
TIGHT = Allowance(QUOTA, 0.06, 600.0)


def refused(headers: dict[str, str]) -> Answer:
    return Answer(429, tuple(headers.items()), b"")


@pytest.mark.parametrize(
    ("platform", "headers", "meant"),
    [
        (SERVICENOW, HOURLY_RULE, Overrun(QUOTA, 1200.0)),
        (SERVICENOW, {key: HOURLY_RULE[key] for key in list(HOURLY_RULE)[1:]}, Overrun(QUOTA, 1200.0)),
        (SERVICENOW, {}, Overrun(SEMAPHORE, None)),
        (SERVICENOW, {"Content-Type": "application/json"}, Overrun(SEMAPHORE, None)),
        (SERVICENOW, {"Retry-After": "7"}, Overrun(BURST, 7.0)),
        (JIRA, {"RateLimit-Reason": "jira-quota-global-based", "Retry-After": "1847"}, Overrun(QUOTA, 1847.0)),
        (JIRA, {"RateLimit-Reason": "jira-quota-tenant-based"}, Overrun(QUOTA, None)),
        (JIRA, {"ratelimit-reason": "jira-burst-based", "retry-after": "2"}, Overrun(BURST, 2.0)),
        (JIRA, {"RateLimit-Reason": "jira-per-issue-on-write", "Retry-After": "1"}, Overrun(ISSUE, 1.0)),
        (JIRA, {"Beta-RateLimit-Reason": "jira-burst-based", "Beta-Retry-After": "3"}, Overrun(BURST, 3.0)),
        (JIRA, {"RateLimit-Reason": "jira-cost-based", "Retry-After": "9"}, Overrun(BURST, 9.0)),
        (
            JIRA,
            {"RateLimit-Reason": "jira-max-concurrent-threads-across-all-instances-per-tenant-per-user"},
            Overrun(SEMAPHORE, None),
        ),
        (JIRA, {}, Overrun(BURST, None)),
        (JIRA, EDGE, Overrun(BURST, 40.0)),
        (JIRA, {**TOKENS, "X-RateLimit-Remaining": "0", "retry-after": "4"}, Overrun(QUOTA, 4.0)),
        (JIRA, {**TOKENS, "X-RateLimit-Remaining": "0", "retry-after": "0"}, Overrun(QUOTA, 0.5)),
    ],
)
def test_a_429_names_the_limit_that_was_hit(platform, headers, meant):
    assert overrun(platform, refused(headers), WALL) == meant


@pytest.mark.parametrize(
    ("headers", "left"),
    [
        ({}, None),
        ({"Content-Type": "application/json", "X-Arequestid": "1"}, None),
        ({**POLICY, "RateLimit": '"global-app-quota";r=64000;t=600'}, PLENTY),
        ({**POLICY, "RateLimit": '"global-app-quota";r=13000;t=600'}, PLENTY),
        ({**POLICY, "RateLimit": '"global-app-quota";t=600'}, PLENTY),
        ({**POLICY, "RateLimit": '"global-app-quota";r=10000;t=600'}, TIGHT),
        ({**POLICY, "RateLimit": '"global-app-quota"; t=600; r=10000'}, TIGHT),
        (
            {
                f"Beta-{key}": value
                for key, value in {**POLICY, "RateLimit": '"global-app-quota";r=10000;t=600'}.items()
            },
            TIGHT,
        ),
        ({**POLICY, "RateLimit": '"global-app-quota";r=0;t=600'}, Allowance(QUOTA, 600.0, 600.0)),
        ({**POLICY, "RateLimit": '"global-app-quota";r=10000'}, Allowance(QUOTA, 0.28, 2800.0)),
        ({"RateLimit": '"tenant";r=700;t=600'}, PLENTY),
        ({"RateLimit": '"tenant";r=300;t=600'}, Allowance(QUOTA, 2.0, 600.0)),
        ({"RateLimit": "nonsense"}, PLENTY),
        ({"RateLimit-Policy": '"burst";q=100;w=1', "RateLimit": '"burst";r=10;t=1'}, Allowance(BURST, 0.1, 1.0)),
        ({"RateLimit": '"x";r=900;t=600, "per-issue-on-write";r=1;t=2'}, Allowance(ISSUE, 2.0, 2.0)),
        ({"X-RateLimit-NearLimit": "true", "X-RateLimit-Remaining": "1400"}, Allowance(QUOTA, 2.0, 2800.0)),
        ({"X-RateLimit-NearLimit": "true"}, Allowance(QUOTA, 0.1, 2800.0)),
        ({"X-Beta-RateLimit-NearLimit": "true", "X-Beta-RateLimit-Remaining": "28"}, Allowance(QUOTA, 100.0, 2800.0)),
        ({"X-RateLimit-NearLimit": "false", "X-RateLimit-Remaining": "3"}, PLENTY),
        ({**TOKENS, "X-RateLimit-Remaining": "99", "retry-after": "0"}, PLENTY),
        ({**TOKENS, "X-RateLimit-Remaining": "20", "retry-after": "0"}, PLENTY),
        ({**TOKENS, "X-RateLimit-Remaining": "12", "retry-after": "0"}, Allowance(QUOTA, 0.5, 4.0)),
        ({**TOKENS, "X-RateLimit-Remaining": "?", "X-RateLimit-FillRate": "0"}, PLENTY),
    ],
)
def test_an_answer_tells_what_is_left(headers, left):
    assert allowance(rate_headers(tuple(headers.items())), WALL) == left


@pytest.mark.parametrize("order", [1, -1])
def test_of_several_limits_the_tightest_counts(order):
    policy = ("RateLimit-Policy", '"global-app-quota";q=65000;w=3600, "tenant-app-quota";q=1000;w=3600')
    left = (("RateLimit", '"global-app-quota";r=6000;t=600'), ("RateLimit", '"tenant-app-quota";r=100;t=600'))

    told = allowance(rate_headers((policy, *left[::order])), WALL)

    assert told == Allowance(QUOTA, 6.0, 600.0)


def test_an_enforced_limit_counts_before_its_beta():
    headers = (("RateLimit", '"tenant";r=5000;t=600'), ("Beta-RateLimit", '"tenant";r=1;t=600'))

    assert allowance(rate_headers(headers), WALL) is PLENTY


def test_a_name_in_any_spelling_is_read():
    headers = (("X-RATELIMIT-NEARLIMIT", "True"), ("x-Ratelimit-remaining", "1400"))

    assert rate_headers(headers) == {"x-ratelimit-nearlimit": "True", "x-ratelimit-remaining": "1400"}


@given(st.text())
def test_no_text_breaks_the_reading_of_a_structured_field(text):
    fields = rate_fields(text)

    assert all(parameter in "qwrt" for item in fields.values() for parameter in item)


@given(
    st.dictionaries(st.sampled_from([*HOURLY_RULE, *TOKENS, *POLICY, "RateLimit", "X-RateLimit-NearLimit"]), st.text())
)
def test_no_value_breaks_the_reading_of_an_answer(headers):
    told = rate_headers(tuple(headers.items()))

    left = allowance(told, WALL)
    met = overrun(JIRA, refused(headers), WALL)

    assert left is None or left.spacing >= 0
    assert met.seconds is None or met.seconds >= 0
