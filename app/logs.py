"""Logs: one JSON object a line, with the request's id and nothing personal."""

import logging
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

import structlog

DEEPEST = 8


def only_where(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """An exception as its type and its place: its words may quote somebody's data."""
    told = event.pop("exc_info", None)
    error = told[1] if isinstance(told, tuple) else told
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        frames = traceback.extract_tb(error.__traceback__)[-DEEPEST:]
        event["where"] = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames]
    return event


def only_first_line(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Of asyncio's own words the first line: the others show tasks with what they raised."""
    if event["_record"].name == "asyncio":
        event["event"] = str(event["event"]).partition("\n")[0]
    return event


def place(error: BaseException) -> str:
    """Where in our own code an error was raised, as module and line; "elsewhere" if nowhere."""
    ours = [
        f"{frame.f_globals['__name__']}:{line}"
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_globals["__name__"].startswith(("app.", "adapters."))
    ]
    return ours[-1] if ours else "elsewhere"


def configure(level: str) -> None:
    """Set up structlog, and send what libraries log through the same lines."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    number = logging.getLevelNamesMapping()[level]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, only_where, only_first_line],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler], force=True)


def keep_last_words() -> None:
    """Let nothing print what it raised when nobody is left to catch it: type and place alone."""
    log = structlog.get_logger()

    def told(error: BaseException | None, where: str) -> None:
        if error is not None:
            log.error("uncaught", where=where, error=type(error).__name__, at=place(error))

    def at_the_end(
        kind: type[BaseException], error: BaseException, frames: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):
            told(error, "process")
        else:
            sys.__excepthook__(kind, error, frames)

    sys.excepthook = at_the_end
    threading.excepthook = lambda given: told(given.exc_value, "thread")
    sys.unraisablehook = lambda given: told(given.exc_value, "nobody")
