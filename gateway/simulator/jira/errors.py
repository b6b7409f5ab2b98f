"""Jira's error envelope and the texts it is known for."""

from collections.abc import Mapping
from http import HTTPStatus

from gateway.simulator.messages import Answer, html_answer, json_answer

_PROXY_STATUSES = {502, 503, 504}

NO_ISSUE = "Issue does not exist or you do not have permission to see it."
NOT_AUTHENTICATED = "You are not authenticated. Authentication required to perform this operation."


class Refusal(Exception):
    """The request is answered with an error; nothing was stored."""

    def __init__(self, status: int, *messages: str, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(*messages)
        self.answer = envelope(status, *messages, errors=errors)


def envelope(status: int, *messages: str, errors: Mapping[str, str] | None = None) -> Answer:
    """The error body that every Jira REST API shares."""
    return json_answer(status, {"errorMessages": list(messages), "errors": dict(errors or {})})


def failure(status: int) -> Answer:
    """How Jira, or the edge before it, words a status."""
    reason = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Unknown"
    if status in _PROXY_STATUSES:
        return html_answer(status, f"{status} {reason}", reason)
    return envelope(status, "Internal server error" if status == HTTPStatus.INTERNAL_SERVER_ERROR else reason)


def no_issue() -> Refusal:
    """The issue is missing, or the caller may not know that it exists."""
    return Refusal(404, NO_ISSUE)


def not_authenticated() -> Refusal:
    """Nobody is logged in."""
    return Refusal(401, NOT_AUTHENTICATED)
