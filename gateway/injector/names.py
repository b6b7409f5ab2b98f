"""The names that operators and pods meet: the label, the annotations, the container, its volumes and its folders."""

from typing import Any, Final, TypeAlias

Manifest: TypeAlias = dict[str, Any]
"""A Kubernetes object, or a part of one, as JSON has it."""

DOMAIN: Final = "itsm-gateway.io"
OPT_IN: Final = f"{DOMAIN}/inject"
ENABLED, DISABLED = "enabled", "disabled"

INJECTED: Final = f"{DOMAIN}/injected"
"""The annotation that tells what was put in, so that it can be taken out again and nothing else with it."""

SIDECAR_LABEL: Final = f"{DOMAIN}/sidecar"
"""The label by which monitors and network policies find pods that have the sidecar."""

CONTAINER: Final = "itsm-gateway"
CONFIG_VOLUME: Final = "itsm-gateway-config"
POLICIES_VOLUME: Final = "itsm-gateway-policies"
SECRET_VOLUME: Final = "itsm-gateway-secret"  # noqa: S105 (a volume's name)
DATA_VOLUME: Final = "itsm-gateway-data"
VOLUMES: Final = (CONFIG_VOLUME, POLICIES_VOLUME, SECRET_VOLUME, DATA_VOLUME)

CONFIG_DIR: Final = "/etc/itsm-gateway/config"
POLICIES_DIR: Final = "/etc/itsm-gateway/policies"
SECRETS_DIR: Final = "/etc/itsm-gateway/secrets"
DATA_DIR: Final = "/var/lib/itsm-gateway"

OPS_PORT_NAME: Final = "itsm-ops"
