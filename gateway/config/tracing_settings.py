"""Where the spans of calls go, if anywhere."""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Annotated, Final

from gateway.config.forms import form
from gateway.policy.strict import Strict

_TRACES: Final = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
_EVERYTHING: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"

CollectorUrl = Annotated[
    str,
    form(r"https?://[^\s/?#]+(/[^\s?#]*)?", "must be the collector's http(s) address, such as http://localhost:4318"),
]

NOT_INSTALLED: Final = "tracing needs OpenTelemetry: pip install 'itsm-gateway[otel]', or set no OTLP endpoint"


class TracingSettings(Strict):
    """The collector's address; whatever else there is to say of spans, OpenTelemetry's own variables say."""

    otlp_endpoint: CollectorUrl | None = None

    def endpoint(self, environ: Mapping[str, str]) -> str | None:
        """Where spans are posted; None while tracing is off."""
        if environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
            return None
        if self.otlp_endpoint is None and (exact := environ.get(_TRACES)):
            return exact
        base = self.otlp_endpoint or environ.get(_EVERYTHING)
        return f"{base.rstrip('/')}/v1/traces" if base else None


def is_installed() -> bool:
    """Whether the extra that tracing needs is there."""
    return find_spec("opentelemetry") is not None and find_spec("opentelemetry.exporter") is not None
