"""Which listeners may be reached from other machines: without tokens, none through which anyone could file tickets."""

from collections.abc import Iterator

from gateway.config.address import HostPort
from gateway.config.settings import Settings

_MAKING = "`itsm-gateway token NAME --role"


def exposed(settings: Settings) -> Iterator[tuple[str, str]]:
    """Pointer and message for every listener that is open too far, or stands where another one stands."""
    listen, access = settings.listen, settings.access
    if not listen.api.is_loopback and not access.names_anyone:
        admit = f"admit somebody in access.tokens ({_MAKING} operator` makes one)"
        yield "/listen/api", f"{listen.api} is open to other machines: {admit}, or set {_beside(listen.api)}"
    if not access.names_clients:
        yield from _open_with_credentials(settings)
    yield from _taken_twice(settings)


def _open_with_credentials(settings: Settings) -> Iterator[tuple[str, str]]:
    proxy = settings.listen.proxy
    with_credentials = sorted(name for name, each in settings.upstreams.items() if each.has_credentials)
    if with_credentials and not proxy.is_loopback:
        yield "/listen/proxy", _anyone(proxy, with_credentials[0])
    for name in with_credentials:
        address = settings.upstreams[name].listen
        if address and not address.is_loopback:
            yield f"/upstreams/{name}/listen", _anyone(address, name)


def listeners(settings: Settings) -> Iterator[tuple[str, HostPort]]:
    """Every address the gateway listens on, with its place in the config."""
    yield "/listen/proxy", settings.listen.proxy
    yield "/listen/api", settings.listen.api
    if settings.listen.ops:
        yield "/listen/ops", settings.listen.ops
    for name, upstream in settings.upstreams.items():
        if upstream.listen:
            yield f"/upstreams/{name}/listen", upstream.listen


def _anyone(address: HostPort, upstream: str) -> str:
    return (
        f"{address} is open to other machines, and anyone could file tickets with the credentials of {upstream!r}: "
        f"admit clients in access.tokens ({_MAKING} client` makes one), "
        f'or set {_beside(address)}, or credentials {{"type": "none"}}'
    )


def _beside(address: HostPort) -> str:
    return f'"{HostPort("127.0.0.1", address.port)}"'


def _taken_twice(settings: Settings) -> Iterator[tuple[str, str]]:
    taken: dict[HostPort, str] = {}
    for pointer, address in listeners(settings):
        if address.port and address in taken:
            yield pointer, f"{address} is taken by {taken[address]}; give each listener an address of its own"
        taken.setdefault(address, pointer)
