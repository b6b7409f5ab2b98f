"""`tls`: what makes a listener speak https."""

from pydantic import Field

from gateway.policy.strict import Strict


class TlsSettings(Strict):
    """PEM files: the certificate with its chain, and its key; read again when they change."""

    certificate: str = Field(min_length=1)
    key: str = Field(min_length=1)
