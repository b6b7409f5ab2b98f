"""Where the spans of calls go, if anywhere."""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Annotated, Final

from gateway.config.forms import form
from gateway.policy.strict import Strict

_TRACES: Final = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
_EVERYTHING: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"
_OFF: Final = (("OTEL_SDK_DISABLED", "true"), ("OTEL_TRACES_EXPORTER", "none"))

CollectorUrl = Annotated[
    str,
    form(r"https?://[^\s/?#]+(/[^\s?#]*)?", "must be the collector's http(s) address, such as http://localhost:4318"),
]

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


def is_installed() -> bool:
    """Whether the extra that tracing needs is there."""
    try:
        return all(map(find_spec, ("opentelemetry.sdk.trace", "opentelemetry.exporter.otlp.proto.http")))
    except ModuleNotFoundError:
        return False
