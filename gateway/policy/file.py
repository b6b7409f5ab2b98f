"""One policy file, key by key, as an operator writes it."""

from typing import Annotated, Final, Literal

from pydantic import Field, JsonValue, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from gateway.domain.call import PlatformName
from gateway.policy.durations import Duration, seconds
from gateway.policy.match_rule import MatchRule
from gateway.policy.policy import Mode, Recognition, Record
from gateway.policy.retry_settings import RetrySettings
from gateway.policy.spelled import Spelled
from gateway.policy.strict import Strict

LONGEST_WITHIN_SECONDS = 86_400
FieldName = Annotated[str, Field(min_length=1, max_length=200)]
JsonSchema = Annotated[dict[str, JsonValue], WithJsonSchema({"type": "object"})]


class SlaRule(Strict):
    """What is promised for a ticket, by its priority; `default` stands for every other priority."""

    response: dict[str, Duration] = Field(default={}, examples=[{"1": "15m", "default": "8h"}])
    """How soon somebody answers."""
    resolution: dict[str, Duration] = Field(default={}, examples=[{"1": "4h", "default": "5d"}])
    """How soon it is solved."""
    calendar: str | None = Field(default=None, min_length=1, examples=["berlin-office"])
    """A name from the config's `calendars`: only its open hours count. Without one, all time does."""
    pause_states: list[str] | None = Field(default=None, examples=[["3"], ["Waiting for customer"]])
    """States in which the clock of the resolution stands; without them, the platform's usual ones."""


class IdempotencyRule(Strict):
    """How repeated creates are recognised where the client sends no `Idempotency-Key`."""

    join_seconds: float = Field(default=600, ge=0, le=86_400)
    """How long after an abandoned create an equal one takes it over instead of making a second ticket."""
    fields: tuple[FieldName, ...] = Field(default=(), examples=[["correlation_id"]])
    """Creates that are equal in these fields are one create; one that lacks any of them is always a new one."""
    body: bool = False
    """Whether creates with equal bodies are one create. Give this or `fields`."""
    within: Duration = "1d"
    """How long a create is remembered by its fields or its body."""

    @model_validator(mode="after")
    def _one_way(self) -> "IdempotencyRule":
        if self.fields and self.body:
            raise PydanticCustomError(
                "two_ways", "both `fields` and `body` are given: keep the one that names a create"
            )
        if "within" in self.model_fields_set and not (self.fields or self.body):
            raise PydanticCustomError(
                "nothing_within", "`within` needs `fields` or `body`: say what is remembered so long"
            )
        if seconds(self.within) > LONGEST_WITHIN_SECONDS:
            raise PydanticCustomError("too_long_ago", "first answers are kept for a day: `within` may be at most 1d")
        return self

    def recognition(self) -> Recognition:
        """The rule in seconds."""
        return Recognition(self.join_seconds, self.fields, self.body, seconds(self.within))


_NAME: Final = "write letters, digits, ., _ and -, with a letter or digit first"
_FIELD: Final = "write default, none, or a field's name"


class PolicyFile(Strict):
    """Rules for the calls that `match` covers: what is filled in, what is checked, how failures are handled."""

    name: Annotated[str, Spelled(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", f"is no name; {_NAME}")] = Field(
        examples=["servicenow-incident"]
    )
    """The policy's name in answers, records and metrics; no two policies share one."""
    description: str = ""
    """What the policy is for, and why it refuses what it refuses."""
    platform: PlatformName | None = None
    """The policy is for every upstream of this platform. Give this or `upstream`."""
    upstream: str | None = Field(default=None, min_length=1, examples=["servicenow"])
    """The policy is for this one upstream of the config. Give this or `platform`."""
    match: MatchRule
    """Which calls the policy is for. Policies are tried in path order; the first that covers a call wins."""
    mode: Mode = Mode.ENFORCE
    """`enforce` refuses what breaks `schema`, `warn` forwards it and counts, `off` leaves the call untouched."""
    defaults: dict[str, JsonValue] = Field(default={}, examples=[{"contact_type": "monitoring"}])
    """Fields to fill in where the call has none; text may hold placeholders such as `{job_id}`."""
    fields_schema: JsonSchema | None = Field(default=None, alias="schema")
    """JSON Schema 2020-12 of the ticket's fields; what breaks it is refused in mode `enforce`."""
    warn_schema: JsonSchema | None = None
    """JSON Schema 2020-12 of the ticket's fields; what breaks it is counted and recorded, never refused."""
    retry_policy: RetrySettings = RetrySettings()
    """What differs from the config's `retry_policy`, key by key."""
    carrier: Annotated[str, Spelled(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}", f"is no field; {_FIELD}")] = "default"
    """The field that carries the gateway's correlation value: `default`, `none`, or a field's name."""
    idempotency: IdempotencyRule | None = None
    """How repeated creates are recognised."""
    on_unavailable: Literal["fail", "queue"] = "fail"
    """What happens to a create while the upstream is away: `fail` tells the caller, `queue` answers 202 and delivers it
    later, with the gateway's own credentials."""
    record: Record = Record.NOTHING
    """What the records keep of bodies: `nothing`, the `request`, or `both` request and answer."""
    sla: SlaRule | None = None
    """What is promised for the tickets that this policy lets through."""

    @model_validator(mode="after")
    def _one_owner(self) -> "PolicyFile":
        if (self.platform is None) == (self.upstream is None):
            count = "both `platform` and `upstream` are given" if self.platform else "the policy is for nobody"
            raise PydanticCustomError(
                "owner",
                "{count}: give either `platform` (servicenow or jira) or `upstream` (a name from the config)",
                {"count": count},
            )
        return self
