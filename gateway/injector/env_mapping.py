"""The annotation that tells applications where the gateway is: `SERVICENOW_URL=servicenow:18081, JIRA_URL=jira`."""

import re
from typing import Final

from gateway.domain.frozen import frozen

HIGHEST_PORT: Final = 65535
_ENTRY: Final = re.compile(
    r"(?P<variable>[A-Za-z_][A-Za-z0-9_]*)=(?P<upstream>[a-z0-9]+(?:-[a-z0-9]+)*)"
    r"(?::(?P<port>[1-9][0-9]{0,4}))?(?P<path>/[A-Za-z0-9._~/-]*)?"
)
_FORM: Final = "write VARIABLE=UPSTREAM, VARIABLE=UPSTREAM:PORT or either with a /path, and commas between them"


@frozen
class BaseUrl:
    """One variable of the application; with a port the upstream gets a listener of its own, without a prefix."""

    variable: str
    upstream: str
    port: int | None = None
    path: str = ""

    def url(self, proxy_port: int) -> str:
        """What the application dials."""
        if self.port is not None:
            return f"http://127.0.0.1:{self.port}{self.path}"
        return f"http://127.0.0.1:{proxy_port}/{self.upstream}{self.path}"


def parse_env(text: str) -> tuple[BaseUrl, ...]:
    """The entries in their order; raises ValueError with what is wrong."""
    entries = tuple(_parse(part.strip()) for part in re.split(r"[,\n]", text) if part.strip())
    variables = [entry.variable for entry in entries]
    for variable in variables:
        if variables.count(variable) > 1:
            raise ValueError(f"names {variable} twice; keep one of them")
    listeners = {(entry.upstream, entry.port) for entry in entries if entry.port is not None}
    for upstream, port in sorted(listeners):
        if sum(port == other for _, other in listeners) > 1:
            raise ValueError(f"gives port {port} to two upstreams; each needs one of its own")
        if sum(upstream == other for other, _ in listeners) > 1:
            raise ValueError(f"gives {upstream} two ports; keep one of them")
    return entries


def _parse(entry: str) -> BaseUrl:
    found = _ENTRY.fullmatch(entry)
    if found is None:
        raise ValueError(f"holds {entry!r}: {_FORM}")
    port = int(found["port"]) if found["port"] else None
    if port is not None and port > HIGHEST_PORT:
        raise ValueError(f"holds {entry!r}: the last port there is is {HIGHEST_PORT}")
    return BaseUrl(found["variable"], found["upstream"], port, (found["path"] or "").rstrip("/"))
