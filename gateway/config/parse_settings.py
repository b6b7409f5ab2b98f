"""The config's data, with the environment over it, as settings; or every fault in it, each with its line."""

from collections.abc import Mapping

from pydantic import ValidationError

from gateway.config.environment import PLACE, Overrides, merged
from gateway.config.exposure import exposed
from gateway.config.json_reader import without_comments
from gateway.config.presence import missing
from gateway.config.settings import Settings
from gateway.domain.call import PlatformName
from gateway.domain.fault import Fault
from gateway.policy.document import Document
from gateway.policy.plain_words import message_for, pointer_to
from gateway.policy.rules import UpstreamRules
from gateway.sla.calendar import Calendar, Elapsed


class Source:
    """The config as it was given: the file's document, and what the environment put over it."""

    def __init__(self, document: Document, overrides: Overrides) -> None:
        self.document = document
        self._overrides = overrides
        self.is_object = isinstance(document.data, dict)
        self.data = merged(document.data if isinstance(document.data, dict) else {}, overrides.values)

    def fault(self, pointer: str, message: str) -> Fault:
        """A fault at a place, named after the variable or the line that said so."""
        variable = self._overrides.variable_at(pointer)
        if variable:
            return Fault(PLACE, 0, variable, message)
        return Fault(self.document.file, self.document.line_of(pointer), pointer, message)


def parse_settings(source: Source) -> Settings | tuple[Fault, ...]:
    """Settings that are sound in themselves."""
    if not source.is_object:
        return (source.fault("", "the config must be an object: { … }"),)
    try:
        return Settings.model_validate(source.data)
    except ValidationError as error:
        found = error.errors(include_url=False)
        return tuple(source.fault(pointer_to(each, source.data), message_for(each, Settings)) for each in found)


def faults_of(data: dict[str, object]) -> tuple[Fault, ...]:
    """The faults of settings that are in no file yet."""
    settings = parse_settings(Source(Document("", without_comments(data), lambda _pointer: 0), Overrides({}, {}, ())))
    return () if isinstance(settings, Settings) else settings


def cannot_start(source: Source, settings: Settings, environ: Mapping[str, str]) -> tuple[Fault, ...]:
    """What keeps sound settings from being served here: listeners too open, secrets or files that are not there."""
    found = (*exposed(settings), *missing(settings, environ))
    return tuple(source.fault(pointer, message) for pointer, message in found)


def objects_meant(source: Source, key: str) -> dict[str, dict[str, object]]:
    """What stands by platform and name under a key, as far as it has that shape."""
    given = source.data.get(key)
    return {name: each for name, each in (given if isinstance(given, dict) else {}).items() if isinstance(each, dict)}


def upstreams_meant(source: Source) -> dict[str, UpstreamRules]:
    """The upstreams a faulty config seems to mean, so that policies can be checked in the same run."""
    given = source.data.get("upstreams")
    known = {}
    for name, upstream in (given if isinstance(given, dict) else {}).items():
        platform = upstream.get("platform") if isinstance(upstream, dict) else None
        if platform in list(PlatformName):
            known[name] = UpstreamRules(PlatformName(platform))
    return known


def calendars_meant(source: Source) -> dict[str, Calendar]:
    """The names that a faulty config gives to calendars, so that policies are not blamed for them."""
    return {name: Elapsed(name) for name in objects_meant(source, "calendars")}
