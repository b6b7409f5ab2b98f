"""A schema error in the words of whoever sent the ticket: which field, what is allowed, what was given."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from jsonschema.exceptions import ValidationError

from gateway.domain.problem import Code, Violation
from gateway.policy.alternatives import explain_alternatives
from gateway.policy.keywords import HINT_KEYWORD, SIZE_KEYWORD, json_text
from gateway.policy.near_miss import nearest
from gateway.policy.shown import kind_of, name_of_type, shown, shown_choices, shown_name
