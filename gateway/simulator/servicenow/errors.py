"""ServiceNow's error envelope and the texts it is known for."""

from http import HTTPStatus

from gateway.simulator.messages import Answer, html_answer, json_answer

_DETAIL_OF_500 = "Check logs for error trace or enable glide.rest.debug property to verify REST request processing"
_PROXY_STATUSES = {502, 503, 504}


class Refusal(Exception):
    """The request is answered with an error; nothing was stored."""

    def __init__(self, status: int, message: str, detail: str | None = None) -> None:
        super().__init__(message)
        self.answer = envelope(status, message, detail)


def envelope(status: int, message: str, detail: str | None = None) -> Answer:
    """The error body that every ServiceNow REST API shares."""
    return json_answer(status, {"error": {"message": message, "detail": detail}, "status": "failure"})


def failure(status: int) -> Answer:
    """How an instance, or the load balancer before it, words a status."""
    reason = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Unknown"
    match status:
        case 401:
            return not_authenticated()
        case 500:
            return envelope(status, "Transaction cancelled: maximum execution time exceeded", _DETAIL_OF_500)
        case _ if status in _PROXY_STATUSES:
            return html_answer(status, f"{status} {reason}", reason)
        case _:
            return envelope(status, reason)


def not_authenticated() -> Answer:
    """No credentials, or wrong ones."""
    answer = envelope(401, "User Not Authenticated", "Required to provide Auth information")
    return answer.having(("WWW-Authenticate", 'Basic realm="Service-now"'))


def no_record() -> Refusal:
    """The row does not exist, or the caller may not know that it does."""
    detail = "Record doesn't exist or ACL restricts the record retrieval"
    return Refusal(404, "No Record found", detail)


def no_resource() -> Refusal:
    """The path leads nowhere."""
    return Refusal(400, "Requested URI does not represent any resource")


def acl(operation: str) -> Refusal:
    """A table's access control refuses the operation: Insert, Update, Delete or Read."""
    return Refusal(403, "Operation Failed", f"ACL Exception {operation} Failed due to security constraints")
