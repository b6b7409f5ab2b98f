"""Where a collector is named, every call is a trace; where none is, the client's trace passes untouched."""

from collections.abc import AsyncIterator

import pytest
from flows.collectors import SpanCollector, span_collector
from flows.desks import LOGIN, SHIPPED_TEMPLATES
from running import StartGateway

from gateway.simulator import SEARCHES, SimulatedServiceNow, refused, reset, stored_then

INCIDENT = {"short_description": "The printer is on fire", "impact": "2", "urgency": "2"}
TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
KEPT = f"00-{TRACE}-{SPAN}-01"
CREATES = "/api/now/table/incident"


@pytest.fixture(autouse=True)
def spans_are_sent_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")


@pytest.fixture
async def collector() -> AsyncIterator[SpanCollector]:
    async with span_collector() as listening:
        yield listening


async def test_without_a_collector_the_clients_trace_passes_as_it_came(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow)

    await gateway.post(gateway.servicenow + CREATES, INCIDENT, traceparent=KEPT, tracestate="vendor=1")

    passed = dict(servicenow.ledger[-1].headers)
    assert (passed["traceparent"], passed["tracestate"]) == (KEPT, "vendor=1")


async def test_a_create_is_a_trace_of_policy_validation_and_attempts(
    start_gateway: StartGateway, collector: SpanCollector
):
    servicenow = SimulatedServiceNow(faults=[refused(503)])
    gateway = await start_gateway(servicenow=servicenow, config={"tracing": {"otlp_endpoint": collector.url}})

    answer = await gateway.post(gateway.servicenow + CREATES, INCIDENT, traceparent=KEPT, tracestate="vendor=1")

    spans = await collector.of_trace(TRACE, at_least=6)
    (call,) = spans["POST table.create"]
    first, second = sorted(spans["attempt"], key=lambda span: span.facts["itsm.attempt"])
    assert answer.status == 201
    assert call.parent_id == SPAN
    assert {span.parent_id for name in ("policy", "validate", "attempt", "reconcile") for span in spans[name]} == {
        call.span_id
    }
    assert (first.facts["http.response.status_code"], first.failure) == (503, "503")
    assert (second.facts["http.response.status_code"], second.failure) == (201, "")
    assert call.facts["itsm.outcome"] == "created"
    assert call.facts["itsm.call_id"] == answer.headers["ITSM-Call-Id"]
    assert collector.resource["service.name"] == "itsm-gateway"


async def test_the_upstream_is_called_from_the_attempts_own_span(start_gateway: StartGateway, collector: SpanCollector):
    servicenow = SimulatedServiceNow(faults=[refused(503)])
    gateway = await start_gateway(servicenow=servicenow, config={"tracing": {"otlp_endpoint": collector.url}})

    await gateway.post(gateway.servicenow + CREATES, INCIDENT, traceparent=KEPT, tracestate="vendor=1")

    spans = await collector.of_trace(TRACE, at_least=6)
    creates = [dict(exchange.headers) for exchange in servicenow.ledger if exchange.method == "POST"]
    assert [sent["traceparent"] for sent in creates] == [
        f"00-{TRACE}-{span.span_id}-01"
        for span in sorted(spans["attempt"], key=lambda each: each.facts["itsm.attempt"])
    ]
    assert {sent["tracestate"] for sent in creates} == {"vendor=1"}


async def test_a_lost_answer_shows_as_a_reconciliation_with_its_searches(
    start_gateway: StartGateway, collector: SpanCollector
):
    servicenow = SimulatedServiceNow(faults=[stored_then(500)])
    gateway = await start_gateway(servicenow=servicenow, environ={"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url})

    answer = await gateway.post(gateway.servicenow + CREATES, INCIDENT)

    spans = await collector.of_trace(answer.headers["ITSM-Call-Id"], at_least=6)
    (call,), (reconciled,) = spans["POST table.create"], spans["reconcile"]
    assert call.parent_id == ""
    assert call.facts["itsm.outcome"] == "reconciled"
    assert spans["search"][-1].facts["itsm.result"] == "found"
    assert {search.parent_id for search in spans["search"]} == {reconciled.span_id}
    assert 0 < reconciled.seconds < call.seconds


@pytest.mark.parametrize("again", [False, True])
async def test_what_is_delivered_later_is_linked_to_the_call_that_accepted_it(
    start_gateway: StartGateway, collector: SpanCollector, again: bool
):
    servicenow = SimulatedServiceNow(faults=[refused(503)] if again else [])
    gateway = await start_gateway(
        servicenow=servicenow,
        config={"tracing": {"otlp_endpoint": collector.url}, "outbox": {"retry_delays_seconds": [0.05]}},
        upstream={"credentials": {"type": "bearer", "token": {"env": "TOKEN"}}},
        environ={"TOKEN": "s3cret"},
    )

    answer = await gateway.post(gateway.servicenow + CREATES, INCIDENT, traceparent=KEPT, Prefer="respond-async")

    spans = await collector.of_trace(TRACE, at_least=9 if again else 5)
    (call,), deliveries = spans["POST table.create"], spans["outbox delivery"]
    assert answer.status == 202
    assert len(deliveries) == len(spans["attempt"]) == (2 if again else 1)
    assert all(delivery.links == [delivery.parent_id] == [call.span_id] for delivery in deliveries)
    assert {attempt.parent_id for attempt in spans["attempt"]} == {delivery.span_id for delivery in deliveries}
    sent = [dict(exchange.headers)["traceparent"] for exchange in servicenow.ledger if exchange.method == "POST"]
    assert set(sent) == {f"00-{TRACE}-{attempt.span_id}-01" for attempt in spans["attempt"]}


async def test_an_abandoned_create_goes_on_in_the_trace_of_who_took_it_over(
    start_gateway: StartGateway, collector: SpanCollector
):
    servicenow = SimulatedServiceNow(faults=[reset()])
    servicenow.faults.every(1, refused(403).on(SEARCHES))
    timeouts = {"connection_timeout_seconds": 1, "read_timeout_seconds": 0.5, "total_timeout_seconds": 0.6}
    config = {"timeout": timeouts, "tracing": {"otlp_endpoint": collector.url}}
    gateway = await start_gateway(servicenow=servicenow, config=config)

    unconfirmed = await gateway.post(gateway.servicenow + CREATES, INCIDENT)
    servicenow.faults.clear()
    made = await gateway.post(gateway.servicenow + CREATES, INCIDENT, traceparent=KEPT)

    spans = await collector.of_trace(TRACE, at_least=4)
    (call,), (attempt,) = spans["POST table.create"], spans["attempt"]
    assert (unconfirmed.status, made.status) == (504, 201)
    assert attempt.parent_id == call.span_id
    last = dict(servicenow.ledger.creates()[-1].headers)
    assert last["traceparent"] == f"00-{TRACE}-{attempt.span_id}-01"


@pytest.mark.parametrize("traced", [False, True])
async def test_the_trace_of_who_asks_for_a_ticket_by_template_passes_too(
    start_gateway: StartGateway, collector: SpanCollector, traced: bool
):
    servicenow = SimulatedServiceNow()
    config = {"tracing": {"otlp_endpoint": collector.url}} if traced else {}
    gateway = await start_gateway(servicenow=servicenow, config=SHIPPED_TEMPLATES | config)
    asked = {
        "job_id": "nightly",
        "platform": "servicenow",
        "template_name": "rca_incident",
        "variables": {"job_name": "etl"},
    }

    address = f"{gateway.api}/api/v1/tickets/from-template"
    answer = await gateway.post(address, asked, traceparent=KEPT, tracestate="vendor=1", **LOGIN)

    passed = dict(servicenow.ledger[-1].headers)
    assert answer.status == 201
    assert passed["tracestate"] == "vendor=1"
    assert passed["traceparent"].startswith(f"00-{TRACE}-")
    assert (passed["traceparent"] == KEPT) is not traced


async def test_a_call_on_the_short_way_is_a_trace_too(start_gateway: StartGateway, collector: SpanCollector):
    gateway = await start_gateway(
        servicenow=SimulatedServiceNow(), config={"tracing": {"otlp_endpoint": collector.url}}
    )

    answer = await gateway.get(f"{gateway.servicenow}/api/now/table/incident")

    spans = await collector.of_trace(answer.headers["ITSM-Call-Id"], at_least=2)
    assert len(spans["attempt"]) == 1


async def test_a_trace_that_the_client_does_not_keep_is_not_kept_here(
    start_gateway: StartGateway, collector: SpanCollector
):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow, config={"tracing": {"otlp_endpoint": collector.url}})

    await gateway.post(gateway.servicenow + CREATES, INCIDENT, traceparent=f"00-{TRACE}-{SPAN}-00")
    kept = await gateway.post(gateway.servicenow + CREATES, INCIDENT)

    await collector.of_trace(kept.headers["ITSM-Call-Id"], at_least=3)
    assert all(span.trace_id != TRACE for span in collector.spans)
    assert dict(servicenow.ledger[0].headers)["traceparent"].endswith("-00")


async def test_the_sampler_that_the_environment_names_has_its_say_over_spans_and_over_no_counter(
    start_gateway: StartGateway, collector: SpanCollector, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "traceidratio")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", "0")
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow, config={"tracing": {"otlp_endpoint": collector.url}})

    answer = await gateway.post(gateway.servicenow + CREATES, INCIDENT)
    shown = await gateway.metrics()
    await gateway.stop()

    call_id = answer.headers["ITSM-Call-Id"]
    assert collector.spans == []
    assert dict(servicenow.ledger[0].headers)["traceparent"].startswith(f"00-{call_id}-")
    assert dict(servicenow.ledger[0].headers)["traceparent"].endswith("-00")
    assert 'itsm_ticket_creation_total{outcome="created",platform="servicenow"} 1.0' in shown


async def test_what_no_trace_can_be_read_from_is_replaced_whole(start_gateway: StartGateway, collector: SpanCollector):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow, config={"tracing": {"otlp_endpoint": collector.url}})

    answer = await gateway.post(gateway.servicenow + CREATES, INCIDENT, traceparent="nonsense", tracestate="vendor=1")

    passed = dict(servicenow.ledger[0].headers)
    assert passed["traceparent"].startswith(f"00-{answer.headers['ITSM-Call-Id']}-")
    assert "tracestate" not in passed


async def test_no_content_and_no_login_reaches_the_collector(start_gateway: StartGateway, collector: SpanCollector):
    gateway = await start_gateway(
        servicenow=SimulatedServiceNow(), config={"tracing": {"otlp_endpoint": collector.url}}
    )

    await gateway.post(gateway.servicenow + CREATES, INCIDENT, traceparent=KEPT, Authorization="Basic c2VjcmV0OnB3")

    spans = await collector.of_trace(TRACE, at_least=3)
    assert "printer" not in str(spans)
    assert "c2VjcmV0" not in str(spans)


async def test_a_collector_that_is_gone_holds_up_nobody(start_gateway: StartGateway):
    gateway = await start_gateway(
        servicenow=SimulatedServiceNow(), config={"tracing": {"otlp_endpoint": "http://127.0.0.1:9"}}
    )

    answer = await gateway.post(gateway.servicenow + CREATES, INCIDENT)

    assert answer.status == 201


async def test_a_kept_trace_is_the_exemplar_of_its_creates_duration(start_gateway: StartGateway):
    gateway = await start_gateway(servicenow=SimulatedServiceNow())

    await gateway.post(gateway.servicenow + CREATES, INCIDENT, traceparent=KEPT)

    shown = await gateway.get(f"{gateway.api}/metrics", Accept="application/openmetrics-text; version=1.0.0")
    (line,) = [line for line in (await shown.text()).splitlines() if TRACE in line]
    assert line.startswith("itsm_ticket_creation_duration_seconds_bucket{")
    assert f'# {{trace_id="{TRACE}"}}' in line


async def test_a_traced_create_without_a_trace_of_its_client_has_its_own_as_exemplar(
    start_gateway: StartGateway, collector: SpanCollector
):
    gateway = await start_gateway(
        servicenow=SimulatedServiceNow(), config={"tracing": {"otlp_endpoint": collector.url}}
    )

    answer = await gateway.post(gateway.servicenow + CREATES, INCIDENT)

    shown = await gateway.get(f"{gateway.api}/metrics", Accept="application/openmetrics-text; version=1.0.0")
    assert f'trace_id="{answer.headers["ITSM-Call-Id"]}"' in await shown.text()
