"""A collector of spans on loopback, which understands what the real exporter posts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass
class CollectedSpan:
    """One span as a tracing tool would show it."""

    name: str
    trace_id: str
    span_id: str
    parent_id: str
    kind: int
    facts: dict[str, Any]
    links: list[str]
    failure: str
    seconds: float


@dataclass
class SpanCollector:
    """What arrived so far; `resource` describes who sent it."""

    url: str = ""
    spans: list[CollectedSpan] = field(default_factory=list)
    resource: dict[str, Any] = field(default_factory=dict)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def of_trace(self, trace_id: str, at_least: int) -> dict[str, list[CollectedSpan]]:
        """A trace's spans by their names, once so many have arrived."""
        async with asyncio.timeout(20):
            async with self.news:
                await self.news.wait_for(lambda: len(self._of(trace_id)) >= at_least)
        names = {span.name for span in self._of(trace_id)}
        return {name: [span for span in self._of(trace_id) if span.name == name] for name in names}

    async def receive(self, request: web.Request) -> web.Response:
        """What the exporter posts."""
        export = ExportTraceServiceRequest.FromString(await request.read())
        for of_resource in export.resource_spans:
            self.resource = {pair.key: _value(pair.value) for pair in of_resource.resource.attributes}
            for scope in of_resource.scope_spans:
                self.spans += [_collected(span) for span in scope.spans]
        async with self.news:
            self.news.notify_all()
        return web.Response(content_type="application/x-protobuf")

    def _of(self, trace_id: str) -> list[CollectedSpan]:
        return [span for span in self.spans if span.trace_id == trace_id]


@asynccontextmanager
async def span_collector() -> AsyncIterator[SpanCollector]:
    """One that listens until the context ends."""
    collector = SpanCollector()
    app = web.Application()
    app.router.add_post("/v1/traces", collector.receive)
    async with TestServer(app) as server:
        collector.url = str(server.make_url("")).rstrip("/")
        yield collector


def _collected(span: Any) -> CollectedSpan:
    return CollectedSpan(
        name=span.name,
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        parent_id=span.parent_span_id.hex(),
        kind=span.kind,
        facts={pair.key: _value(pair.value) for pair in span.attributes},
        links=[link.span_id.hex() for link in span.links],
        failure=span.status.message,
        seconds=(span.end_time_unix_nano - span.start_time_unix_nano) / 1e9,
    )


def _value(value: Any) -> Any:
    return getattr(value, value.WhichOneof("value"))
