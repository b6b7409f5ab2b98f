"""A listener's certificate, followed while it is renewed: a connection gets the newest pair that fits together."""

import asyncio
import hashlib
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Final

POLL_SECONDS: Final = 2.0
"""Kubernetes swaps the folder of a mounted Secret; asking for the files' contents notices every way of renewing."""


class CertificateUnusable(Exception):
    """Certificate and key cannot be read, or do not belong together; the message names the files."""


class Certificate:
    """Hands every new connection a context with the newest good pair; connections that are open keep theirs."""

    def __init__(self, certificate: Path, key: Path) -> None:
        self._files = (certificate, key)
        self._seen = self._digest()
        self._newest = self._load()
        self.context = self._load()
        self.context.sni_callback = self._give_newest

    async def follow(self, told: Callable[[str | None], None], poll_seconds: float = POLL_SECONDS) -> None:
        """Look again and again; `told` hears None after each renewal, and what is wrong with a pair that is no good."""
        last: str | None = None
        while True:
            await asyncio.sleep(poll_seconds)
            try:
                renewed, wrong = self.renew(), None
            except CertificateUnusable as error:
                renewed, wrong = False, str(error)
            if renewed or (wrong and wrong != last):
                told(wrong)
            last = wrong

    def renew(self) -> bool:
        """Take the files' pair where it is a new one; raises CertificateUnusable, and keeps the last good one then."""
        digest = self._digest()
        if digest == self._seen:
            return False
        self._newest = self._load()
        self._seen = digest
        return True

    def _digest(self) -> bytes:
        try:
            return hashlib.sha256(b"\0".join(path.read_bytes() for path in self._files)).digest()
        except OSError as error:
            raise CertificateUnusable(f"{error.filename} cannot be read: {error.strerror or error}") from error

    def _load(self) -> ssl.SSLContext:
        certificate, key = self._files
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            context.load_cert_chain(certificate, key, password="")  # never asks on the terminal
        except (OSError, ssl.SSLError) as error:
            why = getattr(error, "reason", None) or error.strerror or "not readable"
            raise CertificateUnusable(
                f"{certificate} and {key} are no PEM certificate and its key: {str(why).replace('_', ' ').lower()}"
            ) from error
        return context

    def _give_newest(self, connection: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
        connection.context = self._newest
