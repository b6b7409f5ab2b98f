"""The wiring: every room of the gateway, built from the settings and tied together for one process."""

import random
import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

from aiohttp import web

from gateway import __version__
from gateway.config.address import HostPort
from gateway.config.settings import Settings
from gateway.config.upstream_settings import UpstreamSettings
from gateway.domain.call import Call
from gateway.domain.frozen import frozen
from gateway.domain.retry import Timeouts
from gateway.domain.verdict import Answer
from gateway.outbox.flights import Flights
from gateway.outbox.settler import Settler
from gateway.pipeline.ports import Ports
from gateway.pipeline.stored import forward_of
from gateway.platforms.registry import PLATFORMS
from gateway.records.outbox import OutboxLimits
from gateway.records.records import Records
from gateway.records.records import Settings as RecordsSettings
from gateway.telemetry.broadcast import Broadcast
from gateway.telemetry.events import Events
from gateway.telemetry.last_seen import LastSeen
from gateway.telemetry.metrics import Metrics
from gateway.telemetry.telling import TellAll
from gateway.telemetry.waits import Waits
from gateway.upstream.courier import Courier
from gateway.upstream.errand import Line
from gateway.upstream.links import Links
from gateway.web import console, docs, keys
from gateway.web.access import Admission, Tokens
from gateway.web.api.events import end_streams
from gateway.web.api.resources import RESOURCES
from gateway.web.errors import tell_problems
from gateway.web.guard import Guard, guard, harden
from gateway.web.lifecycle import Lifecycle
from gateway.web.lines import Surroundings, opened
from gateway.web.oversight import proofreader, show_upstreams, sweeper, tracker
from gateway.web.probes import routes as probe_routes
from gateway.web.proxy import Entrance, ProxyDoor
from gateway.web.traces import traces
from gateway.web.unwatched import Unwatched, call_url, queued_work

MAX_API_BODY_BYTES = 1024 * 1024


@frozen
class Gateway:
    """One gateway, wired and not yet listening; `doors` are those of single upstreams."""

    shared_door: ProxyDoor
    doors: Mapping[str, ProxyDoor]
    api: web.Application
    records: Records
    metrics: Metrics
    lifecycle: Lifecycle
    unwatched: Unwatched


@frozen
class Told:
    """Who hears what happens, and shows it."""

    metrics: Metrics
    seen: LastSeen
    lifecycle: Lifecycle
    broadcast: Broadcast


@asynccontextmanager
async def wired(around: Surroundings) -> AsyncIterator[Gateway]:
    """Open the store and the sessions, tie every room to its neighbours, and close it all at the end."""
    settings = around.settings
    async with AsyncExitStack() as stack:
        traced = stack.enter_context(traces(settings, around.environ))
        around = replace(around, rules=traced.rules(around.rules))
        metrics = Metrics(__version__, traced.kept_trace)
        told = Told(metrics, LastSeen(time.time), Lifecycle(), Broadcast(secrets.token_hex(4)))
        records = await Records.open(settings.store.url, settings=_records_settings(around, told))
        stack.push_async_callback(records.close)
        told.metrics.declare(around.rules())
        lines = await stack.enter_async_context(opened(around, records.journal, metrics, traced.onward))
        heard = (told.metrics, around.log.logger)
        tracked = tracker(lines, records, settings.sla, around.rules, heard)
        proofs = proofreader(lines, records, settings, heard)
        onlookers = (Events(around.log), told.broadcast)
        telling = TellAll((metrics, told.seen, tracked, proofs, *traced.listeners), onlookers)
        settler = Settler(told=Waits(*heard, (*traced.tried, tracked.attendance.heard)))
        flights = Flights(records.journal)
        stack.push_async_callback(settler.close)
        ports = Ports(
            clock=time.time,
            new_id=_new_id,
            journal=records.journal,
            couriers={name: Courier(line) for name, line in lines.items()},
            outbox=records.outbox,
            flights=flights,
            settler=settler,
            telling=telling,
            platforms=PLATFORMS,
            on_store_failure=settings.store.on_failure,
            first_wait_seconds=settings.outbox.retry_delays_seconds[0],
            call_url=call_url(settings),
            books=told.metrics.books,
            decide=traced.decide,
            glanced=tracked.glanced,
            led_back=_led_back(lines),
        )
        settler.tie(ports)
        entrances = _entrances(lines)
        doors = {
            name: ProxyDoor(entrances, name, around.rules, ports, settings.limits, _admission(settings, each.listen))
            for name, each in settings.upstreams.items()
        }
        guests = _admission(settings, settings.listen.proxy)
        shared = ProxyDoor(entrances, None, around.rules, ports, settings.limits, guests)
        api = _api(around, ports, records, told)
        work = (queued_work(lines, settings, ports, settler, records), sweeper(lines, records, settings.sweep, heard))
        show_upstreams(lines, told.metrics)
        unwatched = Unwatched(ports, flights, settler, *work, tracked, proofs)
        yield Gateway(shared, doors, api, records, told.metrics, told.lifecycle, unwatched)


def _records_settings(around: Surroundings, told: Told) -> RecordsSettings:
    outbox = around.settings.outbox
    return RecordsSettings(
        meter=told.metrics.journal,
        restore=lambda stored: forward_of(stored, around.rules(), PLATFORMS[stored.call.platform]),
        outbox=OutboxLimits(outbox.max_calls, outbox.max_bytes),
    )


def _admission(settings: Settings, address: HostPort | None) -> Admission:
    return Admission(Tokens.of(settings.access.tokens), needed=address is not None and not address.is_loopback)


def _led_back(lines: Mapping[str, Line]) -> Callable[[Call, Answer], Answer]:
    """Links inside a gathered answer are rewritten before it is made: there they may be coded."""
    links = {name: Links.of(line.upstream.platform, line.upstream.base_url) for name, line in lines.items()}
    return lambda call, answer: links[call.upstream].in_answer(answer, call.gateway_base)


def _entrances(lines: Mapping[str, Line]) -> dict[str, Entrance]:
    return {
        name: Entrance(
            name=name,
            platform=line.upstream.platform,
            courier=Courier(line),
            links=Links.of(line.upstream.platform, line.upstream.base_url),
            has_credentials=line.upstream.credentials is not None,
            total_timeout_seconds=line.upstream.timeouts.total_timeout_seconds,
        )
        for name, line in lines.items()
    }


def _api(around: Surroundings, ports: Ports, records: Records, told: Told) -> web.Application:
    api = web.Application(middlewares=[tell_problems, guard], client_max_size=MAX_API_BODY_BYTES)
    api.on_response_prepare.append(harden)
    api.on_shutdown.append(end_streams)
    api[keys.BROADCAST] = told.broadcast
    api[keys.SETTINGS], api[keys.GUARD] = around.settings, Guard.of(around.settings)
    api[keys.REPORTS], api[keys.DESK], api[keys.ALERTS] = records.reports, records.desk, records.alerts
    api[keys.CURRENT_RULES] = around.rules
    api[keys.CLOCK] = time.time
    api[keys.PORTS] = ports
    api[keys.METRICS], api[keys.LAST_SEEN], api[keys.LIFECYCLE] = told.metrics, told.seen, told.lifecycle
    api[keys.UPSTREAMS] = {
        name: _info(name, each, each.timeouts(around.settings.timeout))
        for name, each in around.settings.upstreams.items()
    }
    for resource in (*RESOURCES, docs, console):
        api.add_routes(resource.routes())
    api.add_routes(probe_routes())
    return api


def ops_app(api: web.Application) -> web.Application:
    """Probes and metrics alone, about the same gateway."""
    ops = web.Application(middlewares=[tell_problems])
    ops.on_response_prepare.append(harden)
    ops[keys.PORTS] = api[keys.PORTS]
    ops[keys.METRICS], ops[keys.LAST_SEEN], ops[keys.LIFECYCLE] = (
        api[keys.METRICS],
        api[keys.LAST_SEEN],
        api[keys.LIFECYCLE],
    )
    ops[keys.CURRENT_RULES], ops[keys.UPSTREAMS] = api[keys.CURRENT_RULES], api[keys.UPSTREAMS]
    ops.add_routes(probe_routes())
    return ops


def _info(name: str, each: UpstreamSettings, timeouts: Timeouts) -> keys.UpstreamInfo:
    return keys.UpstreamInfo(name, each.platform, each.base_url, each.has_credentials, timeouts.total_timeout_seconds)


_RANDOM = random.Random(secrets.randbits(256))  # noqa: S311  # ids must differ, not be secret; asking the system costs 10 µs


def _new_id() -> str:
    """Ids that begin with the time lie side by side on the store's pages, which makes commits cheaper."""
    return f"{time.time_ns() // 1_000_000:012x}{_RANDOM.getrandbits(80):020x}"
