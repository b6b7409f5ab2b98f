"""What Alertmanager sends, and what a template may use of it."""

import hashlib
import json
from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Field

from gateway.domain.call import Json
from gateway.web.api.reading import Request

_MOST_LISTED: Final = 50


def _spelt(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("must be an instant like 2026-01-31T12:00:00Z")  # noqa: TRY004  # pydantic hears only this
    return value


class Alert(Request):
    """One alert of a group."""

    model_config = ConfigDict(extra="ignore")

    status: Literal["firing", "resolved"]
    labels: dict[str, str]
    annotations: dict[str, str] = Field(default={})
    starts_at: Annotated[AwareDatetime, BeforeValidator(_spelt), Field(strict=False)] = Field(alias="startsAt")

    @property
    def line(self) -> str:
        """As a person reads it in a ticket."""
        name = self.labels.get("alertname", "alert")
        others = ", ".join(f"{key}={value}" for key, value in sorted(self.labels.items()) if key != "alertname")
        return f"{name} ({others}) since {self.starts_at.isoformat(timespec='seconds')}"


class AlertGroup(Request):
    """A notification of Alertmanager's webhook, version 4; what else it holds is passed over."""

    model_config = ConfigDict(extra="ignore")

    group_key: str = Field(alias="groupKey", min_length=1)
    """What names the group in Alertmanager."""
    receiver: str = ""
    external_url: str = Field(default="", alias="externalURL")
    """Where Alertmanager is looked at."""
    alerts: list[Alert] = Field(min_length=1)

    @property
    def firing(self) -> tuple[Alert, ...]:
        """Those that go on."""
        return tuple(alert for alert in self.alerts if alert.status == "firing")

    def key(self, scope: str) -> str:
        """One value for every notification that Alertmanager tries again, however often."""
        return _digest(scope, self.group_key, min(alert.starts_at for alert in self.firing).isoformat())

    def names(self, scope: str) -> tuple[str, ...]:
        """What each alert is known by from its first notification to its last: its labels, and since when it fires."""
        return tuple(_digest(scope, alert.labels, alert.starts_at.isoformat()) for alert in self.alerts)

    def variables(self) -> dict[str, Json]:
        """Every label and annotation by its name in lower case, and what is told of them all.

        Of several values the first stands for the others, so that a title stays as short as for one alert.
        """
        texts: dict[str, dict[str, None]] = {}
        for alert in self.firing:
            for name, value in (alert.labels | alert.annotations).items():
                texts.setdefault(name.lower(), {})[value] = None
        told: dict[str, Json] = {name: _first_of(list(values)) for name, values in texts.items()}
        return told | {
            "alerts": _listed([alert.line for alert in self.firing]),
            "count": str(len(self.firing)),
            "receiver": self.receiver,
            "external_url": self.external_url,
        }


def _first_of(values: list[str]) -> str:
    return f"{values[0]} and {len(values) - 1} more" if len(values) > 1 else values[0]


def _listed(lines: list[str]) -> str:
    further = [f"and {len(lines) - _MOST_LISTED} more"] if len(lines) > _MOST_LISTED else []
    return "\n".join([*lines[:_MOST_LISTED], *further])


def _digest(*parts: object) -> str:
    spelt = json.dumps(parts, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return hashlib.sha256(spelt).hexdigest()
