"""Compile the config's `templates` and `template_settings`: all templates, or every fault in them."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias, cast

from gateway.domain.call import Fields, PlatformName
from gateway.domain.fault import Fault
from gateway.domain.frozen import frozen
from gateway.policy.document import Document, below
from gateway.policy.fillable import Compilation
from gateway.policy.model_faults import read_model
from gateway.policy.near_miss import nearest
from gateway.policy.placeholders import is_name
from gateway.policy.rules import Template, Variable
from gateway.policy.template import CompiledTemplate
from gateway.policy.template_settings import SETTINGS_OF, JiraTarget, TemplateSettings

ByPlatform: TypeAlias = Mapping[PlatformName, Mapping[str, Template]]

_NAME_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")
_LONGEST_NAME = 100


def compile_templates(
    templates: Mapping[str, Mapping[str, object]], settings: Mapping[str, Mapping[str, object]], document: Document
) -> tuple[ByPlatform, tuple[Fault, ...]]:
    """Every template by platform and name; `document` is the config file that both mappings stand in."""
    faults = list(_settings_without_template(templates, settings, document))
    compiled: dict[PlatformName, dict[str, Template]] = {platform: {} for platform in PlatformName}
    for platform in PlatformName:
        for name, fields in templates.get(platform, {}).items():
            source = _Source(platform, name, fields, settings.get(platform, {}).get(name, {}), document)
            template, found = _compiled(source)
            faults += found
            if template:
                compiled[platform][name] = template
    return compiled, tuple(faults)


@frozen
class _Source:
    """One template as it stands in the config."""

    platform: PlatformName
    name: str
    fields: object
    settings: object
    document: Document

    @property
    def pointer(self) -> str:
        return below("/templates", self.platform, self.name)

    @property
    def settings_pointer(self) -> str:
        return below("/template_settings", self.platform, self.name)

    def fault(self, message: str) -> Fault:
        return self.document.fault(self.pointer, message)


def _settings_without_template(
    templates: Mapping[str, Mapping[str, object]], settings: Mapping[str, Mapping[str, object]], document: Document
) -> Iterator[Fault]:
    for platform, named in settings.items():
        known = templates.get(platform, {})
        for name in named:
            if name not in known:
                near = nearest(name, known)
                hint = f"did you mean {near!r}?" if near else f"known templates: {', '.join(sorted(known)) or 'none'}"
                pointer = below("/template_settings", platform, name)
                yield document.fault(pointer, f"there is no template {name!r} for {platform}; {hint}")


def _compiled(source: _Source) -> tuple[CompiledTemplate | None, list[Fault]]:
    settings = read_model(SETTINGS_OF[source.platform], source.settings, source.document, source.settings_pointer)
    compilation = Compilation(source.document)
    fill = compilation.value(source.fields, source.pointer, "")
    faults = [*_shape_faults(source), *compilation.faults]
    if isinstance(settings, tuple):
        return None, [*faults, *settings]
    faults += [*_unused(source, settings, compilation), *_target_faults(source, settings)]
    if faults:
        return None, faults
    variables = tuple(_variables(settings, compilation))
    return CompiledTemplate(
        platform=source.platform,
        name=source.name,
        description=settings.description,
        target=settings.target.model_dump(exclude_none=True),
        fields=cast("Fields", source.fields),
        variables=variables,
        fill=fill,
        preset={name: each.default for name, each in settings.variables.items() if each.has_default},
    ), []


def _shape_faults(source: _Source) -> Iterator[Fault]:
    if not 0 < len(source.name) <= _LONGEST_NAME or not _NAME_SIGNS.issuperset(source.name):
        yield source.fault(f"a template's name has 1 to {_LONGEST_NAME} letters, digits, _, . or -")
    if not isinstance(source.fields, dict) or not source.fields:
        yield source.fault('must be an object with the ticket\'s fields, such as {"short_description": "…"}')


def _target_faults(source: _Source, settings: TemplateSettings) -> Iterator[Fault]:
    """An issue's project and type are fields; without them Jira refuses every ticket of the template."""
    if not isinstance(settings.target, JiraTarget) or settings.target.is_request:
        return
    examples = {"project": '{"key": "OPS"}', "issuetype": '{"name": "Task"}'}
    for field, example in examples.items():
        if isinstance(source.fields, dict) and field not in source.fields:
            yield source.fault(f'a Jira template needs the field {field!r}; add "{field}": {example}')


def _unused(source: _Source, settings: TemplateSettings, compilation: Compilation) -> Iterator[Fault]:
    used = compilation.names
    for name in settings.variables:
        if name in used:
            continue
        pointer = below(source.settings_pointer, "variables", name)
        if not is_name(name):
            message = "a variable's name has lower-case letters, digits and _ and does not begin with a digit"
        else:
            near = nearest(name, used)
            hint = f"did you mean {near!r}?" if near else f"use it as {{{name}}} in a field, or remove it"
            message = f"no placeholder of the template uses the variable {name!r}; {hint}"
        yield source.document.fault(pointer, message)


def _variables(settings: TemplateSettings, compilation: Compilation) -> Iterator[Variable]:
    for name in compilation.names:
        declared = settings.variables.get(name)
        if declared is None:
            yield Variable(name, required=True)
        else:
            required = declared.required and not declared.has_default
            yield Variable(name, required, declared.description, declared.default)
