"""The web proxy: an HTTP/1.1 forward proxy that decides every request. README.md is its manual page."""
