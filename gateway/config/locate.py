"""Which upstream a URL leads to, in every way that people write one."""

from typing import NamedTuple
from urllib.parse import urlsplit

from gateway.config.address import HostPort
from gateway.config.settings import Settings
from gateway.domain.call import PlatformName


class Located(NamedTuple):
    """An upstream's name, and the raw target below its base URL."""

    upstream: str
    target: str


class NotLocated(Exception):
    """The URL leads to no configured upstream; the message says how to name one."""


def locate(url: str, settings: Settings, wanted: str | None) -> Located:
    """An upstream's own URL, one of the gateway's, or a bare path with the upstream named beside it."""
    if wanted is not None and wanted not in settings.upstreams:
        raise NotLocated(f"there is no upstream {wanted!r}; configured: {_names(settings)}")
    by_url = _by_base_url(url, settings) if "://" in url else None
    if by_url and wanted in (None, by_url.upstream):
        return by_url
    address, target = _split(url)
    if wanted is not None:
        return Located(wanted, target)
    return _by_listener(address, target, settings) or _by_prefix(target, settings) or _only(url, target, settings)


def upstream_of(platform: PlatformName, settings: Settings, wanted: str | None) -> str:
    """The upstream that a template of this platform would be sent to."""
    known = [name for name, upstream in settings.upstreams.items() if upstream.platform is platform]
    if wanted is not None and wanted not in known:
        raise NotLocated(f"there is no {platform} upstream {wanted!r}; configured: {', '.join(known) or 'none'}")
    if not known:
        raise NotLocated(f"no {platform} upstream is configured: add one under `upstreams`")
    return wanted or known[0]


def _names(settings: Settings) -> str:
    return ", ".join(settings.upstreams) or "none"


def _split(url: str) -> tuple[str, str]:
    """Host and port, and the raw target: never decoded, never normalised."""
    if "://" not in url:
        return "", url if url.startswith("/") else f"/{url}"
    rest = url.partition("://")[2]
    cut = min((place for place in (rest.find("/"), rest.find("?")) if place >= 0), default=len(rest))
    target = rest[cut:]
    return rest[:cut], target if target.startswith("/") else f"/{target}"


def _by_base_url(url: str, settings: Settings) -> Located | None:
    """The longest base URL wins: one instance may lie below another's path."""
    for name, upstream in sorted(settings.upstreams.items(), key=lambda item: -len(item[1].base_url)):
        rest = url.removeprefix(upstream.base_url)
        if rest != url and rest[:1] in ("", "/", "?"):
            return Located(name, rest if rest.startswith("/") else f"/{rest}")
    return None


def _by_listener(address: str, target: str, settings: Settings) -> Located | None:
    for name, upstream in settings.upstreams.items():
        if upstream.listen and _same(address, upstream.listen):
            return Located(name, target)
    return None


def _same(address: str, listener: HostPort) -> bool:
    return address == str(listener) or (
        listener.is_loopback
        and urlsplit(f"//{address}").hostname == "localhost"
        and address.endswith(f":{listener.port}")
    )


def _by_prefix(target: str, settings: Settings) -> Located | None:
    for name in settings.upstreams:
        rest = target.removeprefix(f"/{name}")
        if rest != target and rest[:1] in ("", "/", "?"):
            return Located(name, rest if rest.startswith("/") else f"/{rest}")
    return None


def _only(url: str, target: str, settings: Settings) -> Located:
    if "://" not in url and len(settings.upstreams) == 1:
        return Located(next(iter(settings.upstreams)), target)
    raise NotLocated(
        f"{url} leads to no upstream: begin it with /NAME/ or an upstream's base_url, or add --upstream NAME; "
        f"configured: {_names(settings)}"
    )
