"""The ITSM Gateway: exactly one ticket, or a truthful answer.

Start reading at `gateway/pipeline/handle.py`: the one way every call goes.
"""

__version__ = "0.1.0"
