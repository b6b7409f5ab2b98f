"""An id that nothing goes by."""

from gateway.domain.problem import Problem, ProblemType, RequestError


def unknown(what: str, name: str, listing: str) -> RequestError:
    """Nothing goes by this name; the detail says where names are listed."""
    detail = f"no {what} has the id {name!r}; it may have grown too old to be kept; {listing} lists those that are"
    return RequestError(Problem(ProblemType.NOT_FOUND, 404, detail))
