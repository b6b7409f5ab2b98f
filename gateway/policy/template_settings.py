"""`template_settings` of the config, one template's part: what it makes, and what is told about its variables."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from gateway.domain.call import PlatformName
from gateway.policy.spelled import Spelled
from gateway.policy.strict import Strict


class ServiceNowTarget(Strict):
    """The table a template's record goes into."""

    table: Annotated[str, Spelled(r"[a-z][a-z0-9_]{0,79}", "is no table's name; write one such as incident")] = (
        "incident"
    )


class JiraTarget(Strict):
    """Nothing for an issue (its project and type are fields); service desk and request type for a customer request."""

    service_desk: str | None = Field(default=None, min_length=1)
    request_type: str | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _both(self) -> "JiraTarget":
        if (self.service_desk is None) != (self.request_type is None):
            raise PydanticCustomError("both", "a customer request needs both `service_desk` and `request_type`")
        return self

    @property
    def is_request(self) -> bool:
        """Whether the template makes a customer request rather than an issue."""
        return self.service_desk is not None


class VariableSettings(Strict):
    """One variable of a template."""

    description: str = ""
    default: JsonValue = None
    required: bool = True

    @property
    def has_default(self) -> bool:
        """A default of null is a default too."""
        return "default" in self.model_fields_set


class ServiceNowTemplateSettings(Strict):
    """What a ServiceNow template makes, and its variables."""

    description: str = ""
    target: ServiceNowTarget = ServiceNowTarget()
    variables: dict[str, VariableSettings] = Field(default={})


class JiraTemplateSettings(Strict):
    """What a Jira template makes, and its variables."""

    description: str = ""
    target: JiraTarget = JiraTarget()
    variables: dict[str, VariableSettings] = Field(default={})


TemplateSettings = ServiceNowTemplateSettings | JiraTemplateSettings

SETTINGS_OF: Mapping[PlatformName, type[ServiceNowTemplateSettings] | type[JiraTemplateSettings]] = {
    PlatformName.SERVICENOW: ServiceNowTemplateSettings,
    PlatformName.JIRA: JiraTemplateSettings,
}
