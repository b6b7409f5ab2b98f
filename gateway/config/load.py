"""Everything an operator wrote, read and compiled as a whole: one value, or every fault at once."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from gateway.config.documents import Text, parse
from gateway.config.environment import read_overrides
from gateway.config.files import Files, read_files
from gateway.config.folded_paths import paths_no_call_has
from gateway.config.parse_settings import (
    Source,
    calendars_meant,
    cannot_start,
    objects_meant,
    parse_settings,
    upstreams_meant,
)
from gateway.config.settings import Settings
from gateway.domain.fault import ConfigError, Fault
from gateway.domain.frozen import frozen
from gateway.policy.compile import compile_policies
from gateway.policy.document import Document
from gateway.policy.policy import Mode
from gateway.policy.rules import Rules
from gateway.policy.templates import compile_templates


@frozen
class Loaded:
    """Settings and rules that are sound, and what they were read from; `policies` are the documents by file."""

    settings: Settings
    rules: Rules
    config: Document
    policies: Mapping[str, Document]
    digest: str


def load(config_file: Path, policies_dir: Path, environ: Mapping[str, str], *, to_serve: bool = True) -> Loaded:
    """Read and compile everything; raises ConfigError with all faults of config, templates and policies.

    Without `to_serve`, secrets may be absent and listeners may be anywhere: nothing will be sent or listened to.
    """
    files = read_files(config_file, policies_dir)
    return compile_files(files, environ, to_serve=to_serve)


def compile_files(files: Files, environ: Mapping[str, str], *, to_serve: bool = True) -> Loaded:
    """Compile what was read; raises ConfigError with all faults."""
    faults = list(files.faults)
    overrides = read_overrides(Settings, environ)
    faults += overrides.faults
    config = _parsed([files.config] if files.config else [], faults)
    policies, schemas = _parsed(files.policies, faults), _parsed(files.schemas, faults)
    source = Source(next(iter(config.values()), _NOTHING), overrides)
    read = parse_settings(source)
    settings = read if isinstance(read, Settings) else None
    if not isinstance(read, Settings):
        faults += read
    elif to_serve:
        faults += cannot_start(source, read, environ)
    rules = _rules(_Readings(source, policies, schemas, files.digest), settings, faults)
    if faults or settings is None:
        raise ConfigError(tuple(sorted({fault for fault in faults if fault.file != _NOTHING.file})))
    return Loaded(settings, rules, source.document, policies, files.digest)


@frozen
class _Readings:
    """Everything that could be parsed."""

    source: Source
    policies: Mapping[str, Document]
    schemas: Mapping[str, Document]
    digest: str


def _rules(read: _Readings, settings: Settings | None, faults: list[Fault]) -> Rules:
    """The rules of all files; what a faulty config leaves unsaid is taken as it seems to be meant."""
    source = read.source
    upstreams = settings.upstream_rules() if settings else upstreams_meant(source)
    calendars = settings.business_calendars() if settings else calendars_meant(source)
    policies, policy_faults = compile_policies(
        list(read.policies.values()),
        read.schemas,
        upstreams=upstreams,
        cap=settings.mode if settings else Mode.ENFORCE,
        version=read.digest,
        calendars=calendars,
    )
    templates, template_faults = compile_templates(
        objects_meant(source, "templates"), objects_meant(source, "template_settings"), source.document
    )
    faults += (*policy_faults, *paths_no_call_has(policies, read.policies, upstreams), *template_faults)
    return Rules(read.digest, policies, templates, upstreams, calendars=calendars)


def _parsed(texts: Iterable[Text], faults: list[Fault]) -> dict[str, Document]:
    """The documents by file; what cannot be parsed is added to the faults."""
    documents: dict[str, Document] = {}
    for text in texts:
        document = parse(text)
        if isinstance(document, Fault):
            faults.append(document)
        else:
            documents[text.file] = document
    return documents


def _line_of_nothing(_pointer: str) -> int:
    return 0


_NOTHING = Document("", {}, _line_of_nothing)
"""Stands for a config that cannot be read, which is its one fault: what it lacks need not be told as well."""
