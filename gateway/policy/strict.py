"""How everything an operator declares is read: immutable, and no key it does not know."""

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """Frozen, closed; the text under a field is its description in the editor."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)
