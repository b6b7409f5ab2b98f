"""Where the spans of calls go, if anywhere."""

import re
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Annotated, Final

from gateway.config.forms import form
from gateway.policy.strict import Strict

_TRACES: Final = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
_EVERYTHING: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"
_OFF: Final = (("OTEL_SDK_DISABLED", "true"), ("OTEL_TRACES_EXPORTER", "none"))

_ADDRESS: Final = r"https?://[^\s/?#]+(/[^\s?#]*)?"
_WHAT_IT_IS: Final = "must be the collector's http(s) address, such as http://localhost:4318"
CollectorUrl = Annotated[str, form(_ADDRESS, _WHAT_IT_IS)]

NOT_INSTALLED: Final = (
    f"an OTLP endpoint is set (here or by {_EVERYTHING}), and OpenTelemetry is not installed: "
    "pip install 'itsm-gateway[otel]', or set OTEL_TRACES_EXPORTER=none"
)


class TracingSettings(Strict):
    """The collector's address; whatever else there is to say of spans, OpenTelemetry's own variables say."""

    otlp_endpoint: CollectorUrl | None = None

    def endpoint(self, environ: Mapping[str, str]) -> str | None:
        """Where spans are posted; None while tracing is off."""
        if any(environ.get(name, "").strip().lower() == value for name, value in _OFF):
            return None
        if self.otlp_endpoint is None and (exact := environ.get(_TRACES)):
            return exact
        base = self.otlp_endpoint or environ.get(_EVERYTHING)
        return f"{base.rstrip('/')}/v1/traces" if base else None


def unusable(settings: TracingSettings, environ: Mapping[str, str]) -> str | None:
    """Why spans cannot go where they are told to; None where they can, or have nowhere to go."""
    endpoint = settings.endpoint(environ)
    if endpoint is None:
        return None
    if settings.otlp_endpoint is None and re.fullmatch(_ADDRESS, endpoint) is None:
        return f"{_TRACES if environ.get(_TRACES) else _EVERYTHING} {_WHAT_IT_IS}"
    return None if is_installed() else NOT_INSTALLED


def is_installed() -> bool:
    """Whether the extra that tracing needs is there."""
    try:
        return all(map(find_spec, ("opentelemetry.sdk.trace", "opentelemetry.exporter.otlp.proto.http")))
    except ModuleNotFoundError:
        return False
