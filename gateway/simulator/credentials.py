"""What an Authorization header carries."""

from base64 import b64decode

from gateway.simulator.messages import Request


def basic_credentials(request: Request) -> tuple[str, str] | None:
    """User and password of a Basic header, if there is a readable one."""
    scheme, _, encoded = (request.header("Authorization") or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, _, password = b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return None
    return user, password


def bearer_token(request: Request) -> str | None:
    """The token of a Bearer header, if there is one."""
    scheme, _, token = (request.header("Authorization") or "").partition(" ")
    return token if scheme.lower() == "bearer" else None
