"""Two short answers for machines. They say which part is not ready, and nothing about anybody."""

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from schoolgate.reports.examination import State, examine
from schoolgate.web.permissions import public

# What the pages need to do their work. `schoolgate doctor` looks at the rest.
NEEDED = ("database", "keys", "release", "board of standing", "watch")


@never_cache
@require_safe
@public
def live(request: HttpRequest) -> JsonResponse:
    """Say that the process answers."""
    return JsonResponse({"live": True})


@never_cache
@require_safe
@public
def ready(request: HttpRequest) -> JsonResponse:
    """Say whether all that the pages stand on is there: 200, or 503 and which part is not."""
    states = {finding.what: finding.state.value for finding in examine(timezone.now(), NEEDED)}
    is_ready = State.WRONG not in states.values()
    return JsonResponse({"ready": is_ready, "parts": states}, status=200 if is_ready else 503)
