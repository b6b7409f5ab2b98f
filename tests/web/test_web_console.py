"""The console's door: one document and its files, under a policy that lets nothing else run."""

import gzip
import re
from hashlib import sha256
from pathlib import Path

import pytest
from running import ROOT, RunningGateway, StartGateway

UI = ROOT / "gateway" / "ui"
STATIC = ROOT / "gateway" / "web" / "static"


@pytest.fixture
async def gateway(start_gateway: StartGateway) -> RunningGateway:
    return await start_gateway()


async def test_the_document_lets_only_its_own_files_run(gateway: RunningGateway):
    answer = await gateway.get(f"{gateway.api}/console/")

    policy = answer.headers["Content-Security-Policy"]
    assert answer.status == 200
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"


async def test_every_answer_has_a_nonce_of_its_own_and_the_document_knows_it(gateway: RunningGateway):
    answers = [await gateway.get(f"{gateway.api}/console/") for _ in range(2)]

    nonces = [re.findall(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])[0] for answer in answers]
    documents = [await answer.text() for answer in answers]
    assert nonces[0] != nonces[1]
    assert all(
        set(re.findall(r'nonce="([^"]*)"', text)) == {nonce} for nonce, text in zip(nonces, documents, strict=True)
    )


async def test_the_documents_files_are_there_and_kept_for_ever(gateway: RunningGateway):
    document = await (await gateway.get(f"{gateway.api}/console/")).text()
    names = re.findall(r'(?:src|href)="\./([^"]+)"', document)

    answers = [await gateway.get(f"{gateway.api}/console/{name}") for name in names]

    assert len(names) >= 3
    assert {answer.status for answer in answers} == {200}
    assert all("immutable" in answer.headers["Cache-Control"] for answer in answers)
    assert all(answer.headers["X-Content-Type-Options"] == "nosniff" for answer in answers)


async def test_nothing_in_the_document_is_loaded_from_elsewhere(gateway: RunningGateway):
    document = await (await gateway.get(f"{gateway.api}/console/")).text()

    assert re.findall(r'(?:src|href)="(?!\./)[^"]*"', document) == []


@pytest.mark.parametrize("path", ["/", "/console"])
async def test_an_address_without_the_folder_leads_to_it_under_every_prefix(gateway: RunningGateway, path: str):
    answer = await gateway.request("GET", gateway.api + path, headers={}, allow_redirects=False)

    assert answer.status in {302, 308}
    assert answer.headers["Location"] == "console/"


@pytest.mark.parametrize("name", ["none.js", "..%2Findex.html", "%2e%2e%2fsource.sha256", "..", "index.html", "x.py"])
async def test_only_the_builds_files_are_served(gateway: RunningGateway, name: str):
    answer = await gateway.get(f"{gateway.api}/console/assets/{name}")

    assert answer.status in {404, 200}
    assert answer.status == 404 or answer.headers["Content-Type"].startswith("text/html")


def test_the_build_is_made_from_the_sources_beside_it():
    sources = [
        path for path in (UI / "src").rglob("*") if path.is_file() and not re.search(r"\.test\.|test-setup", path.name)
    ]
    named = {path.relative_to(UI).as_posix(): path for path in (*sources, *(UI / name for name in _BESIDE))}
    lines = "".join(f"{sha256(path.read_bytes()).hexdigest()}  {name}\n" for name, path in sorted(named.items()))

    digest = (STATIC / "source.sha256").read_text().strip()

    assert digest == sha256(lines.encode()).hexdigest(), "gateway/ui has changed since the build: run `make console`"


_BESIDE = ("index.html", "package-lock.json", "vite.config.ts")


def test_the_first_views_scripts_are_small():
    document = (STATIC / "index.html").read_text()
    loaded = _with_imports({STATIC / name for name in re.findall(r'(?:src|href)="\./([^"]+\.js)"', document)})

    assert 0 < sum(_zipped(path) for path in loaded | set(_overview())) < 350_000


def _overview() -> list[Path]:
    return sorted((STATIC / "assets").glob("OverviewPage-*.js"))


def _with_imports(paths: set[Path]) -> set[Path]:
    """The files and what they import at once; what is imported later is asked for in brackets."""
    known: set[Path] = set()
    waiting = paths | set(_overview())
    while waiting:
        path = waiting.pop()
        known.add(path)
        named = re.findall(r'(?:from|import)"\./([^"]+\.js)"', path.read_text())
        waiting |= {path.parent / name for name in named} - known
    return known


def _zipped(path: Path) -> int:
    return len(gzip.compress(path.read_bytes()))
