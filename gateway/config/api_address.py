"""Where a running gateway's API is, by the config that it was started with."""

from collections.abc import Mapping
from pathlib import Path

from gateway.config.address import HostPort
from gateway.config.documents import parse
from gateway.config.environment import read_overrides
from gateway.config.files import config_text
from gateway.config.parse_settings import Source, parse_settings
from gateway.config.settings import Settings
from gateway.domain.fault import ConfigError, Fault

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (it is not listened on, but asked)


def api_url(config_file: Path, environ: Mapping[str, str]) -> str:
    """The URL to ask; policies are not looked at. Raises ConfigError."""
    text = config_text(config_file)
    document = text if isinstance(text, Fault) else parse(text)
    if isinstance(document, Fault):
        raise ConfigError((document,))
    overrides = read_overrides(Settings, environ)
    settings = parse_settings(Source(document, overrides))
    if not isinstance(settings, Settings):
        raise ConfigError((*overrides.faults, *settings))
    listener = settings.listen.api
    address = HostPort(_EVERYWHERE.get(listener.host, listener.host), listener.port)
    return f"{'https' if settings.listen.tls else 'http'}://{address}"
