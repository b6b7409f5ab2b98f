"""The proxy door: what existing clients are pointed at."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from aiohttp import web

from gateway.config.settings import Limits
from gateway.domain.call import TICKET_OPERATIONS, Call
from gateway.domain.frozen import frozen
from gateway.domain.problem import Problem, ProblemType, RequestError
from gateway.pipeline.bundle import may_hold_parts, taken_apart
from gateway.pipeline.decide import goes_short_way
from gateway.pipeline.handle import handle_call
from gateway.pipeline.ports import Ports
from gateway.pipeline.respond import respond, respond_problem
from gateway.pipeline.target import survey
from gateway.platforms.platform import Platform
from gateway.policy.rules import Rules
from gateway.upstream.courier import Courier
from gateway.upstream.links import Links
from gateway.web.access import Admission
from gateway.web.arrival import Arrival, read_arrival
from gateway.web.body import read_body
from gateway.web.caller import caller_of
from gateway.web.errors import tell_failures
from gateway.web.passage import Passage
from gateway.web.problems import problem_response
from gateway.web.render import render


@frozen
class Entrance:
    """What the door must know of one upstream."""

    name: str
    platform: Platform
    courier: Courier
    links: Links
    has_credentials: bool
    total_timeout_seconds: float


@frozen
class ProxyDoor:
    """Serves one listener: that of a single upstream, or the shared one where the first segment names it."""

    entrances: Mapping[str, Entrance]
    only: str | None
    rules: Callable[[], Rules]
    ports: Ports
    limits: Limits
    admission: Admission

    def serve(self, request: web.BaseRequest) -> Awaitable[web.StreamResponse]:
        """One request in, one answer out; what cannot be read is refused in the platform's own shape."""
        call_id = self.ports.new_id()

        def told(problem: Problem) -> web.StreamResponse:
            return self._told(problem, request, call_id)

        serving = self._served(request, call_id)
        return tell_failures(request, serving, call_id, told, self.ports.telling.refused_at_the_door)

    async def _served(self, request: web.BaseRequest, call_id: str) -> web.StreamResponse:
        arrival = read_arrival(request)
        entrance, target, gateway_base = self._entered(arrival)
        client = self._admitted(arrival) if entrance.has_credentials else arrival.client
        received_at, deadline = self.ports.clock(), time.monotonic() + entrance.total_timeout_seconds
        rules = self.rules()
        route, policies = survey(entrance.name, arrival.method, target, rules, entrance.platform)
        body = await read_body(request, self.limits.max_body_bytes) if route.operation in TICKET_OPERATIONS else None
        wishes = arrival.wishes
        call = Call(
            id=call_id,
            upstream=entrance.name,
            platform=entrance.platform.name,
            route=route,
            method=arrival.method,
            target=target,
            headers=arrival.headers,
            body=body,
            received_at=received_at,
            deadline=deadline,
            gateway_base=gateway_base,
            client=client,
            peer=arrival.peer,
            job_id=wishes.job_id,
            idempotency_key=wishes.idempotency_key,
            template_name=wishes.template_name,
            dry_run=wishes.dry_run,
            repeats=wishes.repeats,
            respond_async=wishes.respond_async,
        )
        passes = goes_short_way(call, policies, rules)
        bundles = may_hold_parts(call, rules, entrance.platform)
        if body is None and (not passes or bundles):
            call = replace(call, body=await read_body(request, self.limits.max_body_bytes))
        if passes and not (bundles and _is_judged_inside(call, rules, entrance.platform)):
            return await Passage(entrance.courier, entrance.links, self.ports, call, policies, rules).pass_on(request)
        outcome = await handle_call(call, rules, self.ports, caller_of(request))
        return render(respond(outcome, entrance.platform), entrance.links, gateway_base)

    def _entered(self, arrival: Arrival) -> tuple[Entrance, str, str]:
        """Which upstream is meant, the target there, and the address dialled: with its name, on the shared listener."""
        if self.only is not None:
            return self.entrances[self.only], arrival.target, arrival.dialled
        name, _, rest = arrival.target.removeprefix("/").partition("/")
        entrance = self.entrances.get(name)
        if entrance is None:
            known = ", ".join(f"/{known}/" for known in sorted(self.entrances)) or "none are configured"
            detail = f"no upstream is called {name[:60]!r} here; the path must begin with one of: {known}"
            raise RequestError(Problem(ProblemType.UNKNOWN_UPSTREAM, 404, detail))
        return entrance, f"/{rest}", f"{arrival.dialled}/{name}"

    def _admitted(self, arrival: Arrival) -> str:
        """Where the gateway logs in, a client is who its token says; the token itself goes no further than this."""
        named = self.admission.client(arrival.authorization)
        return arrival.client if named is None else named

    def _told(self, problem: Problem, request: web.BaseRequest, call_id: str) -> web.StreamResponse:
        """Told in the platform's shape, or in ours where no platform is meant."""
        name = self.only or request.raw_path.removeprefix("/").partition("/")[0]
        entrance = self.entrances.get(name)
        if entrance is None:
            return problem_response(problem, call_id)
        reply = respond_problem(problem, entrance.platform, call_id, request.headers.get("Accept", ""))
        return render(reply, entrance.links, "")


def _is_judged_inside(call: Call, rules: Rules, platform: Platform) -> bool:
    """Whether the call holds others that somebody judges, or cannot be read: both is told on the whole way."""
    try:
        return taken_apart(call, rules, platform) is not None
    except RequestError:
        return True
