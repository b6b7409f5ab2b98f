"""A part of a file read as a model, or every fault in it, each with its line."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from gateway.domain.fault import Fault
from gateway.policy.document import Document
from gateway.policy.plain_words import message_for, pointer_to

M = TypeVar("M", bound=BaseModel)


def read_model(model: type[M], data: object, document: Document, pointer: str = "") -> M | tuple[Fault, ...]:
    """The data as a model, or every fault in it; `pointer` says where in the document the data stands."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        return tuple(document.fault(pointer + pointer_to(each, data), message_for(each, model)) for each in details)
