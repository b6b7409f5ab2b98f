"""Everything an operator wrote, read and compiled as a whole: one value, or every fault at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway.config.documents import Text, parse
from gateway.config.environment import read_overrides
from gateway.config.files import Files, read_files
from gateway.config.parse_settings import Source, cannot_start, objects_meant, parse_settings, upstreams_meant
from gateway.config.settings import Settings
from gateway.domain.fault import ConfigError, Fault
from gateway.policy.compile import compile_policies
from gateway.policy.document import Document
from gateway.policy.policy import Mode
from gateway.policy.rules import Rules
from gateway.policy.templates import compile_templates


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings and rules that are sound, and what they were read from."""

    settings: Settings
    rules: Rules
    config: Document
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
    config = _parsed(files.config, faults)
    source = Source(config or _NOTHING, overrides)
    settings = parse_settings(source) if config else ()
    if isinstance(settings, Settings) and to_serve:
        faults += cannot_start(source, settings, environ)
    elif not isinstance(settings, Settings):
        faults += settings
    rules = _rules(files, source, settings if isinstance(settings, Settings) else None, faults)
    if faults or not config or not isinstance(settings, Settings):
        raise ConfigError(tuple(sorted(set(faults))))
    return Loaded(settings, rules, config, files.digest)


def _rules(files: Files, source: Source, settings: Settings | None, faults: list[Fault]) -> Rules:
    """The rules of all files; what a faulty config leaves unsaid is taken as it seems to be meant."""
    documents = [_parsed(text, faults) for text in files.policies]
    schemas = [_parsed(text, faults) for text in files.schemas]
    upstreams = settings.upstream_rules() if settings else upstreams_meant(source)
    policies, policy_faults = compile_policies(
        [each for each in documents if each],
        [each for each in schemas if each],
        upstreams=upstreams,
        cap=settings.mode if settings else Mode.ENFORCE,
        version=files.digest,
    )
    templates, template_faults = compile_templates(
        objects_meant(source, "templates"), objects_meant(source, "template_settings"), source.document
    )
    faults += (*policy_faults, *template_faults)
    return Rules(files.digest, policies, templates, upstreams)


def _parsed(text: Text | None, faults: list[Fault]) -> Document | None:
    if text is None:
        return None
    document = parse(text)
    if isinstance(document, Fault):
        faults.append(document)
        return None
    return document


def _line_of_nothing(_pointer: str) -> int:
    return 0


_NOTHING = Document("", {}, _line_of_nothing)
