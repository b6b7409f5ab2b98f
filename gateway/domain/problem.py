"""What goes wrong in the gateway itself, in words for whoever has to mend it."""

from enum import StrEnum

from gateway.domain.frozen import frozen


class Code(StrEnum):
    """The closed set of reasons a field can be at fault for."""

    REQUIRED = "required"
    TOO_LONG = "too_long"
    TOO_SHORT = "too_short"
    NOT_ALLOWED = "not_allowed"
    PATTERN_MISMATCH = "pattern_mismatch"
    WRONG_TYPE = "wrong_type"
    BAD_FORMAT = "bad_format"
    UNKNOWN_FIELD = "unknown_field"
    MISSING_VARIABLE = "missing_variable"
    OUT_OF_RANGE = "out_of_range"
    INVALID = "invalid"


@frozen(order=True)
class Violation:
    """One broken rule: which field (`labels.0` below the first level), why, and how to mend it."""

    field: str
    code: Code
    message: str


class ProblemType(StrEnum):
    """Every kind of answer the gateway makes itself; the value is what `ITSM-Error` and problem documents carry."""

    VALIDATION_FAILED = "validation-failed"
    UNKNOWN_TEMPLATE = "unknown-template"
    MISSING_VARIABLES = "missing-variables"
    MALFORMED_REQUEST = "malformed-request"
    AMBIGUOUS_REQUEST = "ambiguous-request"
    TOO_LARGE = "too-large"
    UNSUPPORTED_ENCODING = "unsupported-encoding"
    METHOD_REFUSED = "method-refused"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_COVERED = "not-covered"
    UNKNOWN_UPSTREAM = "unknown-upstream"
    NOT_FOUND = "not-found"
    WRONG_STATE = "wrong-state"
    TOO_MANY_LISTENERS = "too-many-listeners"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    UNCONFIRMED = "unconfirmed"
    DECEPTIVE_ANSWER = "deceptive-answer"
    CUT_ANSWER = "cut-answer"
    UPSTREAM_CREDENTIALS = "upstream-credentials"
    UPSTREAM_REFUSED = "upstream-refused"
    CIRCUIT_OPEN = "circuit-open"
    RATE_LIMITED = "rate-limited"
    KEY_REUSED = "key-reused"
    STILL_RUNNING = "still-running"
    OUTBOX_FULL = "outbox-full"
    STORE_UNAVAILABLE = "store-unavailable"
    OVERLOADED = "overloaded"
    DRAINING = "draining"
    INTERNAL = "internal"


@frozen
class Problem:
    """Why the gateway answered itself; `detail` names the cause and the mend, `retry_after` is whole seconds."""

    type: ProblemType
    status: int
    detail: str
    violations: tuple[Violation, ...] = ()
    retry_after: int | None = None
    upstream_status: int | None = None


class RequestError(Exception):
    """A request that cannot be read, or not in one way only; raised at the doors, before there is a call to record."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem
