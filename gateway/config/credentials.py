"""The headers that log the gateway in, made from a config's credentials and the secrets they name."""

import base64
from collections.abc import Callable, Iterator, Mapping

from gateway.config.secrets import Secret, SecretReference, find_secret
from gateway.config.upstream_settings import (
    BasicCredentials,
    BearerCredentials,
    Credentials,
    HeaderCredentials,
    NoCredentials,
)
from gateway.domain.call import Headers

LogIn = Callable[[], Headers]
"""The headers as they are now: a secret's file may have changed since the last attempt."""


def log_in(credentials: Credentials, environ: Mapping[str, str]) -> LogIn | None:
    """How the gateway logs in, or None where each client does so itself; raises SecretMissing."""
    match credentials:
        case NoCredentials():
            return None
        case BasicCredentials(username=username, password=reference):
            return _basic(username, find_secret(reference, environ))
        case BearerCredentials(token=reference):
            return _bearer(find_secret(reference, environ))
        case HeaderCredentials(name=name, value=reference):
            return _header(name, find_secret(reference, environ))


def reported(log_in: LogIn, know: Callable[..., None]) -> LogIn:
    """The same headers, their secrets made known (to the log, which cuts them out) whenever they change."""
    last: Headers = ()

    def headers() -> Headers:
        nonlocal last
        now = log_in()
        if now != last:
            know(*_secrets_in(now))
            last = now
        return now

    headers()
    return headers


def _secrets_in(headers: Headers) -> Iterator[str]:
    """A header's whole value, what follows its scheme, and a Basic login's password in the clear."""
    for _, value in headers:
        scheme, _, token = value.partition(" ")
        yield from (value, token)
        if scheme == "Basic":
            yield base64.b64decode(token).decode().partition(":")[2]


def secret_of(credentials: Credentials) -> tuple[str, SecretReference] | None:
    """The key that holds the secret, and where the secret is to be found."""
    match credentials:
        case NoCredentials():
            return None
        case BasicCredentials(password=reference):
            return "password", reference
        case BearerCredentials(token=reference):
            return "token", reference
        case HeaderCredentials(value=reference):
            return "value", reference


def _basic(username: str, password: Secret) -> LogIn:
    def headers() -> Headers:
        pair = f"{username}:{password.reveal()}".encode()
        return (("Authorization", f"Basic {base64.b64encode(pair).decode('ascii')}"),)

    return headers


def _bearer(token: Secret) -> LogIn:
    return lambda: (("Authorization", f"Bearer {token.reveal()}"),)


def _header(name: str, value: Secret) -> LogIn:
    return lambda: ((name, value.reveal()),)
