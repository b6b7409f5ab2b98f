"""Addresses: where the gateway listens, and where an upstream is."""

import ipaddress
import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError
from pydantic_settings import NoDecode

from gateway.domain.frozen import frozen

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
_ADDRESS = re.compile(r"(\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[^:\[\]]+)):(?P<port>[0-9]{1,5})")
_URL_TEXT = re.compile(r"[\x21-\x7e]+")


@frozen
class HostPort:
    """One address to listen on; port 0 lets the system choose."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine (or this pod) can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def __str__(self) -> str:
        """As it is written in the config and in a URL."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_address(given: object) -> HostPort:
    """`host:port` or `[IPv6]:port`."""
    if isinstance(given, HostPort):
        return given
    found = _ADDRESS.fullmatch(given) if isinstance(given, str) else None
    if found is None or not _is_host(found) or int(found["port"]) > 65535:  # noqa: PLR2004 (the last port there is)
        raise PydanticCustomError("address", 'must be "host:port", such as "127.0.0.1:8080" or "[::1]:8080"')
    return HostPort(found["six"] or found["host"], int(found["port"]))


def parse_base_url(given: str) -> str:
    """An origin and perhaps a path, without a trailing slash; nothing that a request's own target would clash with."""
    wrong = _wrong_in_url(given)
    if wrong:
        raise PydanticCustomError("base_url", "{wrong}", {"wrong": wrong})
    return given.rstrip("/")


Address = Annotated[HostPort, BeforeValidator(parse_address), NoDecode]
BaseUrl = Annotated[str, AfterValidator(parse_base_url)]


def _is_host(found: re.Match[str]) -> bool:
    if found["six"] is None:
        return _HOST.fullmatch(found["host"]) is not None
    try:
        return ipaddress.ip_address(found["six"]).version == 6  # noqa: PLR2004 (IPv6)
    except ValueError:
        return False


def _wrong_in_url(given: str) -> str:
    example = "such as https://example.service-now.com"
    try:
        url = urlsplit(given)
        host, _ = url.hostname, url.port
    except ValueError:
        return f"is not a URL; write one {example}"
    if not _URL_TEXT.fullmatch(given):
        return "holds a space or a character that no URL has"
    if url.scheme not in ("http", "https") or not host:
        return f"must begin with https:// (or http://) and a host, {example}"
    if "@" in url.netloc:
        return "must not hold a user or password: secrets are never in the file"
    if "?" in given or "#" in given:
        return "must not have a query or fragment; a path is allowed"
    if "//" in url.path or any(part in (".", "..") for part in url.path.split("/")):
        return "has a path with empty or dotted parts; write it plainly"
    return ""
