"""Why an exchange broke, for whoever reads the answer or the record: without the client library's own words."""

import os
import socket
import ssl

import aiohttp


def reason(error: Exception) -> str:
    """What was wrong, and where it was to go to when there was no connection."""
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return f"{reason(error.certificate_error)} ({error.host}:{error.port})"
        case aiohttp.ClientConnectorError():
            return f"{reason(error.os_error)} ({error.host}:{error.port})"
        case ssl.SSLCertVerificationError():
            return f"the certificate is not trusted: {error.verify_message}"
        case ssl.SSLError():
            return f"TLS fails: {(error.reason or str(error)).replace('_', ' ').lower()}"
        case OSError(errno=int(number)) if not isinstance(error, socket.gaierror | aiohttp.ClientError):
            return os.strerror(number)
        case _:
            return getattr(error, "strerror", "") or str(error) or type(error).__name__
