"""What `schoolgate up` prints when everything runs: where to go, who to be, what to try."""

from collections.abc import Mapping
from typing import Any


def welcome(facts: Mapping[str, Any]) -> str:
    """Return the words for the terminal, at most 100 columns wide."""
    site, proxy = facts["site"], facts["proxy"]
    parts = [f"\n  pages   {site}\n  gate    {proxy}   (set it as the HTTP and HTTPS proxy of a browser)"]
    if sign_ins := facts.get("sign_ins"):
        rows = [f"  {row['role']:<11}{row['name']:<14}{row['email']:<28}{row['password']}" for row in sign_ins]
        parts.append("Sign in as\n" + "\n".join(rows))
    if cards := facts.get("cards"):
        parts.append("Class cards\n" + "\n".join(f"  {row['name']:<25}{row['card']}" for row in cards))
    if demo := facts.get("demo"):
        parts.append(
            "Five things to try (each address is another device; first say J='-H Accept:application/json')\n"
            + TRIES[demo]
        )
    if not facts["has_release"]:
        parts.append("The gate has no release yet and blocks everything: docs/howto/run-a-school.md leads you to one.")
    parts.append("Ctrl-C stops everything.")
    return "\n\n".join(parts).replace("PROXY", proxy).replace("SITE", site)


TRIES = {
    "primary": """\
  1 a pupil's tablet opens a page:        curl -s -x PROXY --interface 127.0.0.10 http://science.test/
  2 the same tablet is blocked, kindly:   curl -s $J -x PROXY --interface 127.0.0.10 http://bigwins-casino.test/
  3 a teacher's laptop is told why:       curl -s $J -x PROXY --interface 127.0.0.6 http://bigwins-casino.test/
  4 a worrying search reaches the DSL:    open SITE/alerts/ as the dsl, then
                                          curl -s -x PROXY --interface 127.0.0.10 \\
                                               'http://search.test/?q=how+do+i+hurt+myself'
  5 Asha has not signed: set a browser's proxy to PROXY, open http://library.test/, use her card;
    a teacher signs with her there. Then look at AUP-1 on SITE/policy/ (as the head).""",
    "early-years": """\
  1 a child's tablet opens the shelf:     curl -s -x PROXY --interface 127.0.0.2 http://animals.test/
  2 and nothing else:                     curl -s $J -x PROXY --interface 127.0.0.2 http://science.test/
  3 the camera tablet reaches nothing:    curl -s $J -x PROXY --interface 127.0.0.3 http://animals.test/
  4 the office computer opens the web:    curl -s -x PROXY --interface 127.0.0.5 http://science.test/
  5 what the policy says today, and why:  SITE/policy/ as the head""",
}
