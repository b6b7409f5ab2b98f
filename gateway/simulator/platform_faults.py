"""The faults that only one of the two platforms knows, with the headers and bodies it really sends."""

import json
from dataclasses import replace

from gateway.simulator.faults import Fault, Reply, ResetForm, answered, redirected_to_login
from gateway.simulator.messages import JSON_TYPE

_RULE = "1e6d9b3a5b1033001e6d9b3a5b103300"
_TOO_MANY = 429


def servicenow_rate_limited(retry_after: int = 60, limit: int = 100) -> Fault:
    """A rate limit rule per user and hour has struck; nothing was executed."""
    detail = f"Rate limit of {limit} requests per hour for Table API exceeded"
    headers = (
        JSON_TYPE,
        ("Retry-After", str(retry_after)),
        ("X-RateLimit-Limit", str(limit)),
        ("X-RateLimit-Rule", _RULE),
    )
    body = _servicenow_body("Rate limit exceeded", detail)
    return Fault("servicenow_rate_limited", reply=Reply(_TOO_MANY, headers, body, retry_after, ResetForm.UNIX))


def servicenow_semaphore() -> Fault:
    """All API semaphores of the node are taken: a 429 without any rate limit header."""
    body = _servicenow_body("Rate limit exceeded", "Maximum number of concurrent requests exceeded")
    return Fault("servicenow_semaphore", reply=Reply(_TOO_MANY, (JSON_TYPE,), body))


def servicenow_session_full() -> Fault:
    """More than ten requests wait on one session: an empty 202, and the request is dropped."""
    return replace(answered(202, body=""), kind="servicenow_session_full")


def servicenow_asleep() -> Fault:
    """A hibernating developer instance that redirects instead of answering."""
    location = "https://developer.servicenow.com/dev.do#!/home?wu=true"
    return replace(redirected_to_login(location), kind="servicenow_asleep")


def jira_rate_limited(reason: str = "jira-burst-based", retry_after: int = 2, limit: int = 100) -> Fault:
    """One of Jira Cloud's limits, named by `RateLimit-Reason`."""
    headers = (
        JSON_TYPE,
        ("Retry-After", str(retry_after)),
        ("X-RateLimit-Limit", str(limit)),
        ("X-RateLimit-Remaining", "0"),
        ("RateLimit-Reason", reason),
    )
    body = _jira_body("Rate limit exceeded.")
    return Fault("jira_rate_limited", reply=Reply(_TOO_MANY, headers, body, retry_after, ResetForm.ISO))


def jira_edge_rate_limited() -> Fault:
    """The edge's 429, seen in April 2026: neither `Retry-After` nor a reason."""
    headers = (
        JSON_TYPE,
        ("X-Failure-Category", "FAILURE_RATE_LIMITED"),
        ("X-RateLimit-Limit", "360000"),
        ("X-RateLimit-Remaining", "0"),
    )
    body = _jira_body("Rate limit exceeded.")
    return Fault("jira_edge_rate_limited", reply=Reply(_TOO_MANY, headers, body, 60, ResetForm.ISO))


def jira_captcha() -> Fault:
    """Data Center locks an account after failed logins; every further try makes it worse."""
    headers = (
        JSON_TYPE,
        ("X-Seraph-LoginReason", "AUTHENTICATION_DENIED"),
        ("X-Authentication-Denied-Reason", "CAPTCHA_CHALLENGE; login-url=https://jira/login.jsp"),
    )
    return Fault("jira_captcha", reply=Reply(403, headers, _jira_body("CAPTCHA_CHALLENGE")))


def jira_login_failed_silently() -> Fault:
    """JRA-41559: a 200 with an empty body, and only a header says that the login failed."""
    headers = {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}
    return replace(answered(200, headers, ""), kind="jira_login_failed_silently")


def _servicenow_body(message: str, detail: str) -> bytes:
    return json.dumps({"error": {"message": message, "detail": detail}, "status": "failure"}).encode()


def _jira_body(message: str) -> bytes:
    return json.dumps({"errorMessages": [message], "errors": {}}).encode()
