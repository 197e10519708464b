"""How much anybody may send us at once.

Django writes a request's body to a file, all of it, before it looks at who
sends it and whether they may: a stranger could fill the disk, and then no
alert and no concern could be written any more.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from schoolgate.drafting.reading import LARGEST_BYTES

MOST_BYTES = LARGEST_BYTES + 1024 * 1024  # a policy, and the other fields of its form

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_WORDS = f"""<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Too large</title></head><body>
<h1>This is too large</h1>
<p>Nothing was kept. The largest file that is read is a policy of {LARGEST_BYTES // 1024 // 1024} MB: \
save yours without its pictures, and try again.</p>
</body></html>
""".encode()


def limited(application: Application, most: int = MOST_BYTES) -> Application:
    """Answer 413 to whoever sends more than *most* bytes, and keep none of them."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        if _announced(scope) > most:
            await _refuse(send)
            return
        came, is_too_much, has_answered = 0, False, False

        async def counted() -> Message:
            nonlocal came, is_too_much
            if is_too_much:
                return {"type": "http.disconnect"}
            message = await receive()
            came += len(message.get("body", b""))
            if came > most:  # it did not say so before, or said something else
                is_too_much = True
                return {"type": "http.disconnect"}  # Django then drops the request with all that it has kept of it
            return message

        async def noted(message: Message) -> None:
            nonlocal has_answered
            has_answered = True
            await send(message)

        await application(scope, counted, noted)
        if is_too_much and not has_answered:
            await _refuse(send)

    return guarded


def _announced(scope: Scope) -> int:
    """The length that the request says it has; 0 when it says none that can be read, and is counted as it comes."""
    text = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(text) if text.isdigit() and len(text) <= 18 else 0


async def _refuse(send: Send) -> None:
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(_WORDS)).encode()),
        (b"content-security-policy", b"default-src 'none'"),
        (b"x-content-type-options", b"nosniff"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": _WORDS})
