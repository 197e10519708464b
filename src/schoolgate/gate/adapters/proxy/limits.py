"""Every limit of the proxy, with what others chose. All are far above what a browser does and far below what hurts us."""

# ── Sizes ───────────────────────────────────────────────────────────────────
# The head of a request: Squid 64 KiB, nginx 8 KiB + 4 x 8 KiB, node 16 KiB, Tomcat 8 KiB. Cookies are what fills it.
MAX_REQUEST_HEAD_BYTES = 32 * 1024
# The head of an answer: Squid 64 KiB, nginx 4 to 8 KiB, Chromium 256 KiB. Content-Security-Policy is what fills it.
MAX_RESPONSE_HEAD_BYTES = 64 * 1024
# The target in the request line: RFC 9112 §3 recommends at least 8000; Apache 8190, nginx 8 KiB.
MAX_TARGET_BYTES = 8 * 1024
# Fields in one head: Apache 100, node 2000. Browsers send about fifteen.
MAX_FIELDS = 100
# The line that begins a chunk: h11 and llhttp take a chunk extension of some KiB; nobody sends one.
MAX_CHUNK_LINE_BYTES = 256
# A ClientHello: one with a post-quantum key share has about 1.8 KiB; OpenSSL refuses more than 128 KiB, Go 64 KiB.
MAX_HELLO_BYTES = 16 * 1024
# What is read and thrown away after an early answer, so that the client gets to read it (RFC 9112 §9.6).
MAX_DRAINED_BYTES = 256 * 1024

# ── Times, in seconds ───────────────────────────────────────────────────────
# From the first byte of a head to its last: nginx 60, Apache 20 to 40.
HEAD_SECONDS = 20.0
# A kept-alive client that asks nothing: nginx 75, Squid 120.
CLIENT_IDLE_SECONDS = 75.0
# All attempts to reach one server together: Squid and nginx 60. A child does not wait that long.
CONNECT_SECONDS = 10.0
# From one sign of life of the server (or of the client who is sending) to the next: nginx 60, Squid 900.
ANSWER_SECONDS = 120.0
# From the 200 that opens a tunnel to the end of the ClientHello.
HELLO_SECONDS = 10.0
# A tunnel where nothing moves: Squid 900.
TUNNEL_IDLE_SECONDS = 900.0
# A kept-alive server connection that nobody uses: under what servers use (Apache 5, nginx 75, Node 5), or they close first.
UPSTREAM_IDLE_SECONDS = 20.0
# After an early answer, how long to listen for the rest of the request.
DRAIN_SECONDS = 2.0
# When the gate stops: how long exchanges in progress may go on.
STOP_SECONDS = 1.0
# How often the board and the release pointer are looked at, and how often everything that lives is gone over.
WATCH_SECONDS = 0.05
TEND_SECONDS = 0.5

# ── Numbers ─────────────────────────────────────────────────────────────────
# Kept-alive connections to one server, for one worker. Browsers open six each; a class is thirty.
MAX_IDLE_PER_SERVER = 32
MAX_IDLE = 512
# Connections waiting to be accepted: Linux caps it at net.core.somaxconn (4096).
BACKLOG = 1024
