"""What a client may ask to be done."""

from enum import StrEnum


class Method(StrEnum):
    """The methods that the gateway passes on."""

    GET = "GET"
    HEAD = "HEAD"
    POST = "POST"
    PUT = "PUT"
    PATCH = "PATCH"
    DELETE = "DELETE"
    OPTIONS = "OPTIONS"
