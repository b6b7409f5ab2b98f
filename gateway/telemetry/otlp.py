"""Sends spans to a collector by OTLP over HTTP; a thread of OpenTelemetry's own does the sending.

Sampling, queue sizes, headers and the resource are what OpenTelemetry's `OTEL_*` variables say.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import Decision
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)
from opentelemetry.trace import SpanKind as Kind

from gateway import __version__
from gateway.domain.trace import Parent
from gateway.telemetry.spans import Span, SpanKind

LAST_SPANS_SECONDS: Final = 2.0
_NANOSECONDS: Final = 1_000_000_000
_KINDS: Final = {SpanKind.SERVER: Kind.SERVER, SpanKind.CLIENT: Kind.CLIENT, SpanKind.INTERNAL: Kind.INTERNAL}
_SCOPE: Final = InstrumentationScope("itsm-gateway", __version__)
_SAMPLED: Final = TraceFlags(TraceFlags.SAMPLED)


@contextmanager
def collector(endpoint: str) -> Iterator["OtlpCollector"]:
    """One that sends until the context ends, and then what is left."""
    named = {} if _is_named() else {SERVICE_NAME: "itsm-gateway"}
    provider = TracerProvider(resource=Resource.create({**named, SERVICE_VERSION: __version__}), shutdown_on_exit=False)
    exporter = OTLPSpanExporter(endpoint)
    sending = BatchSpanProcessor(exporter)
    try:
        yield OtlpCollector(provider, sending)
    finally:
        _end(sending, exporter)


class OtlpCollector:
    """Fulfils the tracing's `Collector`."""

    def __init__(self, provider: TracerProvider, sending: BatchSpanProcessor) -> None:
        self._sampler, self._resource, self._sending = provider.sampler, provider.resource, sending

    def keeps(self, trace: str, parent: Parent | None) -> bool:
        """What the sampler says; by its own rules it says the same of one trace every time."""
        context = None if parent is None else set_span_in_context(NonRecordingSpan(_parent_context(parent)))
        return self._sampler.should_sample(context, int(trace, 16), "call").decision is Decision.RECORD_AND_SAMPLE

    def take(self, trace: str, spans: Iterable[Span]) -> None:
        """Put them into the queue of the sending thread; where that is full, they are dropped and told of."""
        for span in spans:
            self._sending.on_end(self._readable(int(trace, 16), span))

    def _readable(self, trace: int, span: Span) -> ReadableSpan:
        return ReadableSpan(
            name=span.name,
            context=_context(trace, span.id),
            parent=_context(trace, span.parent) if span.parent else None,
            resource=self._resource,
            attributes=span.facts,
            links=[Link(_context(trace, span.link))] if span.link else [],
            kind=_KINDS[span.kind],
            status=Status(StatusCode.ERROR, span.failure) if span.failure else Status(),
            start_time=_nanoseconds(span.began_at),
            end_time=_nanoseconds(span.ended_at),
            instrumentation_scope=_SCOPE,
        )


def _end(sending: BatchSpanProcessor, exporter: OTLPSpanExporter) -> None:
    """Send what is left; a collector that does not answer is not waited for as long as the library would."""
    last = Thread(target=sending.shutdown, name="last spans", daemon=True)
    last.start()
    last.join(LAST_SPANS_SECONDS)
    if last.is_alive():
        exporter.shutdown()  # type: ignore[no-untyped-call]  # the library has not typed it


def _context(trace: int, span: str) -> SpanContext:
    return SpanContext(trace, int(span, 16), is_remote=False, trace_flags=_SAMPLED)


def _parent_context(parent: Parent) -> SpanContext:
    flags = _SAMPLED if parent.sampled else TraceFlags(TraceFlags.DEFAULT)
    return SpanContext(int(parent.trace_id, 16), int(parent.span_id, 16), is_remote=True, trace_flags=flags)


def _nanoseconds(unix_seconds: float) -> int:
    return int(unix_seconds * _NANOSECONDS)


def _is_named() -> bool:
    return "OTEL_SERVICE_NAME" in os.environ or "service.name" in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "")
