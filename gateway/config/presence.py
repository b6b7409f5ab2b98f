"""What settings refer to and this machine does not have."""

import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path

from gateway.config.certificate import Certificate, CertificateUnusable
from gateway.config.credentials import secret_of
from gateway.config.secrets import SecretMissing, find_secret
from gateway.config.settings import Settings
from gateway.config.tls_settings import TlsSettings
from gateway.config.tracing_settings import unusable
from gateway.config.upstream_settings import UpstreamSettings


def missing(settings: Settings, environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Pointer and message for every secret, certificate file and package that is not there."""
    for name, upstream in settings.upstreams.items():
        for key, message in _missing_of(upstream, environ):
            yield f"/upstreams/{name}/{key}", message
        yield from _unusable(f"/upstreams/{name}/tls", upstream.tls)
    yield from _unusable("/listen/tls", settings.listen.tls)
    if fault := unusable(settings.tracing, environ):
        yield "/tracing/otlp_endpoint", fault


def _unusable(pointer: str, tls: TlsSettings | None) -> Iterator[tuple[str, str]]:
    if tls is None:
        return
    try:
        Certificate(Path(tls.certificate), Path(tls.key))
    except CertificateUnusable as error:
        yield pointer, str(error)


def _missing_of(upstream: UpstreamSettings, environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    secret = secret_of(upstream.credentials)
    if secret:
        key, reference = secret
        try:
            find_secret(reference, environ)
        except SecretMissing as error:
            yield f"credentials/{key}", str(error)
    if upstream.ca_file is not None:
        try:
            ssl.create_default_context(cafile=upstream.ca_file)
        except OSError as error:
            yield "ca_file", f"{upstream.ca_file} holds no certificates that can be read: {error.strerror or error}"
