"""The proxy door: what existing clients are pointed at."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from aiohttp import web

from gateway.config.settings import Limits
from gateway.domain.call import Call
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
from gateway.web.body import ClientGone, read_body
from gateway.web.caller import Connected
from gateway.web.errors import tell_bugs
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

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """One request in, one answer out; what cannot be read is refused in the platform's own shape."""
        call_id = self.ports.new_id()
        entrance: Entrance | None = None

        def told(problem: Problem) -> web.StreamResponse:
            return self._told(problem, entrance, call_id, request.headers.get("Accept", ""))

        try:
            arrival = read_arrival(request)
            entrance, arrival = self._entered(arrival)
            if entrance.has_credentials:
                arrival = self._admitted(arrival)
            return await tell_bugs(request, self._take(request, arrival, entrance, call_id), call_id, told)
        except RequestError as error:
            self.ports.telling.refused_at_the_door(error.problem, call_id)
            return told(error.problem)
        except ClientGone:
            request.protocol.force_close()
            return web.Response(status=499)

    def _entered(self, arrival: Arrival) -> tuple[Entrance, Arrival]:
        """Which upstream is meant; on the shared listener its name is taken off the target."""
        if self.only is not None:
            return self.entrances[self.only], arrival
        name, _, rest = arrival.target.removeprefix("/").partition("/")
        entrance = self.entrances.get(name)
        if entrance is None:
            known = ", ".join(f"/{known}/" for known in sorted(self.entrances)) or "none are configured"
            detail = f"no upstream is called {name[:60]!r} here; the path must begin with one of: {known}"
            raise RequestError(Problem(ProblemType.UNKNOWN_UPSTREAM, 404, detail))
        return entrance, replace(arrival, target=f"/{rest}", dialled=f"{arrival.dialled}/{name}")

    def _admitted(self, arrival: Arrival) -> Arrival:
        """Where the gateway logs in, a client is who its token says; the token itself goes no further than this."""
        client = self.admission.client(arrival.authorization)
        return arrival if client is None else replace(arrival, client=client)

    async def _take(
        self, request: web.BaseRequest, arrival: Arrival, entrance: Entrance, call_id: str
    ) -> web.StreamResponse:
        received_at, deadline = self.ports.clock(), time.monotonic() + entrance.total_timeout_seconds
        rules = self.rules()
        route, policies = survey(entrance.name, arrival.method, arrival.target, rules, entrance.platform)
        wishes = arrival.wishes
        call = Call(
            id=call_id,
            upstream=entrance.name,
            platform=entrance.platform.name,
            route=route,
            method=arrival.method,
            target=arrival.target,
            headers=arrival.headers,
            body=None,
            received_at=received_at,
            deadline=deadline,
            gateway_base=arrival.dialled,
            client=arrival.client,
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
        if not passes or bundles:
            call = replace(call, body=await read_body(request, self.limits.max_body_bytes))
        if passes and not (bundles and _is_judged_inside(call, rules, entrance.platform)):
            return await Passage(entrance.courier, entrance.links, self.ports, call, policies, rules).pass_on(request)
        outcome = await handle_call(call, rules, self.ports, Connected(request))
        return render(respond(outcome, entrance.platform), entrance.links, call.gateway_base)

    def _told(self, problem: Problem, entrance: Entrance | None, call_id: str, accept: str) -> web.StreamResponse:
        """Told in the platform's shape, or in ours where no platform is meant."""
        known = self.entrances[self.only] if self.only is not None else entrance
        if known is None:
            return problem_response(problem, call_id)
        return render(respond_problem(problem, known.platform, call_id, accept), known.links, "")


def _is_judged_inside(call: Call, rules: Rules, platform: Platform) -> bool:
    """Whether the call holds others that somebody judges, or cannot be read: both is told on the whole way."""
    try:
        return taken_apart(call, rules, platform) is not None
    except RequestError:
        return True
