"""What is asked of every contestant, and how near the gateway should come to the fewest-lines proxy."""

import json
from dataclasses import dataclass
from typing import Any

_HEAD = (
    "Host: 127.0.0.1\r\nAccept: application/json\r\nUser-Agent: bench\r\n"
    "Authorization: Basic aW50ZWdyYXRpb246c2VjcmV0\r\n"
)
_INCIDENT = {
    "short_description": "Nightly billing run failed on host batch-07",
    "description": "Job billing-nightly ended with code 12. " * 6,
    "impact": "2",
    "urgency": "2",
    "category": "software",
    "caller_id": "integration",
}
_FILE = "/api/now/attachment/6816f79cc0a8016401c5a33be04be441/file"


@dataclass(frozen=True)
class Scenario:
    """One kind of load; `goal` is the least ratio to the fewest-lines proxy, None where none was set."""

    name: str
    clients: int
    job: dict[str, Any]
    goal: float | None = None

    @property
    def streams(self) -> bool:
        """Whether it moves one long body instead of many short ones."""
        return self.job["kind"] != "calls"


def _calls(name: str, clients: int, request: str, goal: float | None = None) -> Scenario:
    return Scenario(name, clients, {"kind": "calls", "clients": clients, "request": request}, goal)


def _post(target: str, more: str = "") -> str:
    body = json.dumps(_INCIDENT)
    return (
        f"POST {target} HTTP/1.1\r\n{_HEAD}{more}Content-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    )


def _get(target: str) -> str:
    return f"GET {target} HTTP/1.1\r\n{_HEAD}\r\n"


_CREATE = _post("/api/now/table/incident")
_READ = _get("/api/now/table/incident/9d385017c611228701d22104cc95c371")

CREATES_AT_16 = _calls("creates", 16, _CREATE, 0.42)

CALLS = (
    _calls("creates", 1, _CREATE, 0.33),
    CREATES_AT_16,
    _calls("creates", 64, _CREATE, 0.52),
    _calls("creates, 20 ms upstream", 16, _post("/api/now/table/incident", "X-Bench-Delay-Ms: 20\r\n"), 0.85),
    _calls("reads", 1, _READ),
    _calls("reads", 16, _READ, 0.70),
    _calls("reads", 64, _READ),
    _calls("uncovered GET", 16, _get("/api/now/unknown/thing?sysparm_limit=1"), 0.70),
    _calls("uncovered POST", 16, _post("/api/now/attachment/upload"), 0.70),
)
STREAMS = (
    Scenario("200 MB down", 1, {"kind": "download", "target": _FILE}, 0.85),
    Scenario("200 MB up", 1, {"kind": "upload", "target": _FILE}),
)

CPU_PER_CREATE_GOAL = 2.4
IDLE_MEMORY_GOAL = 2.5
GROWTH_GOAL_MB = 15.0
STREAM_GROWTH_GOAL_MB = 8.0
