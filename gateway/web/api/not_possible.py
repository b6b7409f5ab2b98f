"""What cannot be done because of the row: it is not there, or past the state for it."""

from gateway.domain.problem import Problem, ProblemType, RequestError


def unknown(what: str, name: str, listing: str) -> RequestError:
    """Nothing goes by this name; the detail says where names are listed."""
    detail = f"no {what} has the id {name!r}; it may have grown too old to be kept; {listing} lists those that are"
    return RequestError(Problem(ProblemType.NOT_FOUND, 404, detail))


def wrong_state(detail: str) -> RequestError:
    """The row is there, and what was asked cannot be done to it."""
    return RequestError(Problem(ProblemType.WRONG_STATE, 409, detail))
