"""One instance's REST APIs: who is calling, which API answers, and what every answer bears."""

import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from gateway.simulator.messages import Answer, Kind, Request, json_answer
from gateway.simulator.ports import Ids
from gateway.simulator.servicenow.business_rules import Stamp
from gateway.simulator.servicenow.errors import Refusal, failure, no_resource, not_authenticated
from gateway.simulator.servicenow.instance import Instance
from gateway.simulator.servicenow.writes import Writer, object_in
from gateway.simulator.servicenow.xml_form import in_wanted_form

_BATCH = re.compile(r"/api/now(?:/v1)?/batch")


class Api(Protocol):
    """One of the instance's APIs, known by its paths."""

    path: re.Pattern[str]

    def kind_of(self, request: Request) -> Kind:
        """Whether the request opens a ticket, searches, or does something else."""

    def answer(self, request: Request, stamp: Stamp) -> Answer:
        """Execute the request, or refuse it."""


class RestApi:
    """All APIs of one instance; it satisfies the simulation's `Platform`."""

    def __init__(self, apis: Sequence[Api], writer: Writer, instance: Instance, ids: Ids, batch_limit: int) -> None:
        self._apis = apis
        self._writer = writer
        self._instance = instance
        self._ids = ids
        self._batch_limit = batch_limit

    def kind_of(self, request: Request) -> Kind:
        """What the API says that answers there."""
        api = self._api(request)
        return api.kind_of(request) if api else Kind.OTHER

    def answer(self, request: Request, at: datetime) -> Answer:
        """Execute the request; every answer carries the session's cookies unless the client brought some."""
        answer = in_wanted_form(request, self._answered(request, at)).having(("X-Transaction-ID", self._ids()[:12]))
        return answer if request.header("Cookie") else answer.having(*self._session_cookies())

    def failure(self, status: int) -> Answer:
        """The instance's own words for a status."""
        return failure(status)

    def tickets(self) -> list[dict[str, object]]:
        """The rows of ticket tables that were opened over the wire."""
        return [dict(row) for row in self._writer.opened()]

    def _answered(self, request: Request, at: datetime) -> Answer:
        user = self._instance.user_of(request)
        if user is None:
            return not_authenticated()
        try:
            if _BATCH.fullmatch(request.path) and request.method == "POST":
                return self._batch(request, at)
            api = self._api(request)
            if api is None:
                raise no_resource()
            return api.answer(request, Stamp(at, user))
        except Refusal as refusal:
            return refusal.answer

    def _api(self, request: Request) -> Api | None:
        return next((api for api in self._apis if api.path.fullmatch(request.path)), None)

    def _batch(self, request: Request, at: datetime) -> Answer:
        """What the batch's time does not allow for is left, and named."""
        body = object_in(request)
        listed = body.get("rest_requests")
        parts = [part for part in listed if isinstance(part, dict)] if isinstance(listed, list) else []
        serviced = [self._part(part, request, at) for part in parts[: self._batch_limit]]
        left = [str(part.get("id")) for part in parts[self._batch_limit :]]
        document = {
            "batch_request_id": str(body.get("batch_request_id", "")),
            "serviced_requests": serviced,
            "unserviced_requests": left,
        }
        return json_answer(200, document)

    def _part(self, part: dict[str, object], outer: Request, at: datetime) -> dict[str, object]:
        named = part.get("headers")
        pairs = [pair for pair in named if isinstance(pair, dict)] if isinstance(named, list) else []
        headers = tuple((str(pair["name"]), str(pair["value"])) for pair in pairs)
        login = tuple(pair for pair in outer.headers if pair[0].lower() in {"authorization", "x-sn-apikey"})
        body = b64decode(str(part.get("body") or ""))
        inner = Request(str(part.get("method")), str(part.get("url")), (*headers, *login), body, outer.origin)
        answer = self._answered(inner, at)
        shown = () if part.get("exclude_response_headers") else answer.headers
        return {
            "id": str(part.get("id")),
            "body": b64encode(answer.body).decode(),
            "status_code": answer.status,
            "status_text": "",
            "headers": [{"name": name, "value": value} for name, value in shown],
            "execution_time": 7,
        }

    def _session_cookies(self) -> tuple[tuple[str, str], ...]:
        session = self._ids().upper()
        return (
            ("Set-Cookie", f"JSESSIONID={session}; Path=/; HttpOnly; SameSite=None; Secure"),
            ("Set-Cookie", f"glide_user_route=glide.{session.lower()}; Max-Age=2147483647; Path=/; HttpOnly; Secure"),
            ("Set-Cookie", "BIGipServerpool_dev=4211103498.52030.0000; path=/; Httponly; Secure"),
        )
