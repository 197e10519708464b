"""What the gate thinks of a request: the rules in force, the board in force, and the answer with all that it rests on.

Pure apart from the clock that it is given; `watch.py` beside it brings new
rules and boards.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from schoolgate.gate.core import who
from schoolgate.gate.core.decide import Verdict
from schoolgate.gate.core.names import Address
from schoolgate.gate.core.rules import Rules
from schoolgate.gate.release import Release

log = structlog.get_logger()

ALLOW, BLOCK = "allow", "block"

# The tier of what the proxy itself refuses, whatever the rules say. What each means is in README.md, part "Does".
EDGE = "edge"
NO_RELEASE = "edge.no-release"
UNDECIDED = "edge.undecided"
MALFORMED = "edge.malformed"
SCHEME = "edge.scheme"
UPGRADE = "edge.upgrade"
LITERAL_TUNNEL = "edge.tunnel-to-address"
TUNNEL_PORT = "edge.tunnel-port"
TUNNEL_NAME = "edge.tunnel-name"
CLOSED_NETWORK = "edge.closed-network"
PORTAL = "edge.portal"

EDGE_RULES = {
    NO_RELEASE: "The gate has no set of rules that it can trust, so it lets nothing through.",
    UNDECIDED: "The gate could not decide about this address, so it did not let it through.",
    MALFORMED: "The address or the request is not well-formed.",
    SCHEME: "The gate carries http and https only.",
    UPGRADE: "The gate does not carry WebSockets over plain http.",
    LITERAL_TUNNEL: "Encrypted connections go to a site by its name, not to a bare number.",
    TUNNEL_PORT: "Encrypted connections go to port 443 only.",
    TUNNEL_NAME: "The encrypted connection was for another name than the one that was asked for.",
    CLOSED_NETWORK: "The address lies inside a network that the gate does not lead into.",
    PORTAL: "The school's own pages are open to everyone: to sign in, to sign, and to report a worry.",
}

# A rule of the school about a site may open what the edge would refuse (a tunnel to another port). Nothing else may.
OPENING_TIER = "school"
TUNNEL_PORTS = frozenset({443})


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided about one request.

    Attributes:
        outcome: "allow" or "block".
        tier: as in the verdict, or "edge".
        rule: as in the verdict, or one of `EDGE_RULES`.
        categories: codes, sorted.
        statement: id of the policy statement, or "".
        release: id of the release, or "".
        standing: who asked.
        verdict: what the core said; None when it could not be asked.
    """

    outcome: str
    tier: str
    rule: str
    categories: tuple[str, ...]
    statement: str
    release: str
    standing: who.Standing
    verdict: Verdict | None

    @property
    def is_allowed(self) -> bool:
        return self.outcome == ALLOW


class Judge:
    """Decides with what is in force.

    Time counts in whole seconds: a rule that ends at 12:00 ends at 12:00:00.
    That makes it right to remember a ruling until the second is over, and a
    page with thirty pictures from one site is decided once a second.

    Args:
        seconds: the clock, in seconds since 1970.
        portal: an address of the school's own pages, or None. Everything at
            its scheme, host and port is open to everyone, whatever the board
            and the rules say: else nobody could sign in to get a standing.

    Attributes:
        release: the release in force, or None: then everything is blocked.
        board: the board in force, or None: then nobody has internet.
    """

    MAX_REMEMBERED = 4096

    def __init__(self, seconds: Callable[[], float], portal: Address | None = None) -> None:
        self._seconds = seconds
        self._portal = None if portal is None else (portal.scheme, portal.host, portal.port)
        self._second = 0
        self._now = datetime.fromtimestamp(0, UTC)
        self._rulings: dict[tuple[str, str, str], Ruling] = {}
        self.release: Release | None = None
        self.board: who.Board | None = None

    @property
    def rules(self) -> Rules | None:
        """The rules in force, for the words on pages."""
        return None if self.release is None else self.release.rules

    def take_release(self, release: Release | None) -> None:
        """Put *release* in force."""
        self.release = release
        self._rulings.clear()

    def take_board(self, board: who.Board | None) -> None:
        """Put *board* in force."""
        self.board = board
        self._rulings.clear()

    def ruling(self, address: Address, method: str, asker: str) -> Ruling:
        """Decide about a request for *address* from the client at *asker*. Never raises: what cannot be decided is blocked."""
        self._tick()
        if (address.scheme, address.host, address.port) == self._portal:
            return Ruling(ALLOW, EDGE, PORTAL, (), "", "", self.standing(asker), None)
        key = (asker, method, address.text)
        ruling = self._rulings.get(key)
        if ruling is None:
            ruling = self._decided(address, method, self.standing(asker))
            if len(self._rulings) < self.MAX_REMEMBERED:
                self._rulings[key] = ruling
        return ruling

    def standing(self, asker: str) -> who.Standing:
        """Return what the client at *asker* may use now."""
        self._tick()
        return who.standing(self.board, asker, self._now)

    def refusal(self, rule: str, asker: str, ruling: Ruling | None = None) -> Ruling:
        """Return the block of the edge's own *rule*, keeping what is known from *ruling*."""
        if ruling is None:
            release = "" if self.release is None else self.release.id
            return Ruling(BLOCK, EDGE, rule, (), "", release, self.standing(asker), None)
        return Ruling(BLOCK, EDGE, rule, ruling.categories, "", ruling.release, ruling.standing, ruling.verdict)

    def _tick(self) -> None:
        second = int(self._seconds())
        if second != self._second:
            self._second = second
            self._now = datetime.fromtimestamp(second, UTC)
            self._rulings.clear()

    def _decided(self, address: Address, method: str, standing: who.Standing) -> Ruling:
        if self.release is None:
            return Ruling(BLOCK, EDGE, NO_RELEASE, (), "", "", standing, None)
        try:
            verdict = self.release.verdict(address, standing, self._now, method)
        except Exception:  # a fault of ours in deciding must not open the gate
            log.exception("could not decide", release=self.release.id)
            return Ruling(BLOCK, EDGE, UNDECIDED, (), "", self.release.id, standing, None)
        ruling = Ruling(
            verdict.outcome,
            verdict.tier,
            verdict.rule,
            verdict.categories,
            verdict.statement,
            verdict.release,
            standing,
            verdict,
        )
        if method == "CONNECT" and ruling.is_allowed and ruling.tier != OPENING_TIER:
            if is_literal(address.host):
                return self.refusal(LITERAL_TUNNEL, "", ruling)
            if address.port not in TUNNEL_PORTS:
                return self.refusal(TUNNEL_PORT, "", ruling)
        return ruling


def is_literal(host: str) -> bool:
    """Tell whether a canonical *host* is an IP address and no name."""
    return ":" in host or host.replace(".", "").isdigit()
