"""JSON as others wrote it, with reasons where it is none."""

import json
from typing import Any

from rag.errors import InputError


def read_value(text: str) -> Any:
    """Any JSON. Raises InputError with the reason alone."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if error.lineno > 1 else ""
        raise InputError(f"it is not JSON ({error.msg}, {line}column {error.colno})") from error
    except RecursionError as error:
        raise InputError("it is nested too deeply") from error
    except ValueError as error:  # Python reads numbers of up to 4,300 digits
        raise InputError("a number in it is too long") from error


def read_object(line: str) -> dict[str, Any]:
    """One line as an object. Raises InputError with the reason alone."""
    row = read_value(line)
    if not isinstance(row, dict):
        raise InputError("it is not a JSON object")
    return row
