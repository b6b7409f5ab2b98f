"""Certificates for loopback, made by openssl, in folders that are swapped as Kubernetes swaps a mounted Secret."""

import ssl
import subprocess
from pathlib import Path


def make_pair(folder: Path, name: str) -> None:
    """A self-signed certificate for 127.0.0.1 and localhost, and its key."""
    folder.mkdir(parents=True)
    key, certificate = ("-keyout", str(folder / "tls.key")), ("-out", str(folder / "tls.crt"))
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")
    names = ("-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost")
    subprocess.run(
        ["openssl", "req", "-x509", "-nodes", "-days", "2", *names, *curve, *key, *certificate],
        check=True,
        capture_output=True,
    )


class MountedSecret:
    """`tls.crt` and `tls.key` are links through `..data`, which is replaced in one step."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._version = 0
        folder.mkdir()
        for name in ("tls.crt", "tls.key"):
            (folder / name).symlink_to(Path("..data") / name)

    @property
    def certificate(self) -> Path:
        return self._folder / "tls.crt"

    @property
    def key(self) -> Path:
        return self._folder / "tls.key"

    def hold(self, certificate: Path, key: Path) -> None:
        """Swap in another pair."""
        self._version += 1
        place = self._folder / f"..{self._version}"
        place.mkdir()
        (place / "tls.crt").write_bytes(certificate.read_bytes())
        (place / "tls.key").write_bytes(key.read_bytes())
        link = self._folder / "..data_tmp"
        link.symlink_to(place.name)
        link.rename(self._folder / "..data")


def trusting(*folders: Path) -> ssl.SSLContext:
    """A client that trusts these certificates and no other."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for folder in folders:
        context.load_verify_locations(folder / "tls.crt")
    return context
