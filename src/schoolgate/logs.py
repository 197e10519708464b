"""Structured logs that never hold a child's name or browsing at info level or above.

Events are words about the system ("release loaded", "alert delivered") with
opaque references. A processor drops the fields that could carry a person or
an address, unless the school asked for debug logs and so decided to see them.
"""

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog

# "request" is what Django adds to its own lines: its address, and all that somebody typed into it.
PRIVATE_FIELDS = frozenset({"address", "email", "name", "person_name", "query", "request", "text", "url", "username"})


def configure(level: str) -> None:
    """Send structlog and the standard library's logs to standard error as JSON lines.

    Raises:
        ValueError: if *level* is not a level of the standard library.
    """
    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None:
        raise ValueError(f"the log level must be debug, info, warning or error, not {level!r}")
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_private_fields,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(number),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(number)


def without_private_fields(_logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop what could say who looked at what, at every level above debug."""
    if method == "debug":
        return event
    return {key: value for key, value in event.items() if key not in PRIVATE_FIELDS}
