"""How fast the detector reads, and how often it is right on a set of labelled lines.

    python bench/detect.py [FOLDER]

Speed is told beside a naive alternation of the same words by Python's `re`
over the same texts in the same run, in rounds that take turns. FOLDER holds
labelled JSON lines (`text`, `cats`, `grade`, `surface`); without it only the
examples of the rules are read.
"""

import json
import re
import statistics
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from schoolgate.watch.detect import detect, rules

ROUNDS = 5
KINDS = {"search": "search", "ai_prompt": "prompt", "chat": "post", "title": "page"}
BENIGN = (
    "school_benign",
    "school_benign_obfuscated",
    "nq_open_dev",
    "nq_eff_dev",
    "mmlu_stems",
    "clinc150",
    "headlines_news",
    "headlines_clickbait",
    "mmlu_passages",
)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def speed(texts: list[str]) -> None:
    words = sorted(word for word in rules.shipped().spelling.words if len(word) > 3)
    naive = re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + r")\b", re.IGNORECASE)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        start = time.process_time()
        for text in texts:
            detect(text, "search")
        middle = time.process_time()
        for text in texts:
            naive.findall(text)
        ours.append((middle - start) / len(texts) * 1e6)
        theirs.append((time.process_time() - middle) / len(texts) * 1e6)
    for name, times in (("detect", ours), ("naive re", theirs)):
        print(f"{name:10} {statistics.median(times):8.1f} µs a text ({min(times):.1f} to {max(times):.1f})")


def accuracy(folder: Path) -> None:
    for name in ("school_risk", "school_obfuscated"):
        found, right, n = 0, 0, 0
        for row in lines(folder / f"{name}.jsonl"):
            answer = detect(row["text"], KINDS.get(row["surface"], "search"))
            n += 1
            found += answer.grade >= 2
            right += answer.grade >= 2 and (answer.category or "").replace("self-harm", "selfharm") in row["cats"]
        print(f"{name}: {n} texts, {found / n:.1%} at grade 2 or more, {right / n:.1%} in the right category")
    for name in BENIGN:
        kind = "page" if name.startswith("headlines") or name == "mmlu_passages" else "search"
        grades = Counter(detect(row["text"], kind).grade for row in lines(folder / f"{name}.jsonl"))
        n = grades.total()
        shares = ", ".join(f"{sum(grades[g] for g in range(low, 6)) / n:.2%} at {low} or more" for low in (2, 3, 4))
        print(f"{name}: {n} texts, {shares}")


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    if folder is not None and (folder / "nq_open_dev.jsonl").is_file():
        speed([row["text"] for row in lines(folder / "nq_open_dev.jsonl")])
        accuracy(folder)
    else:
        speed([text for rule in rules.shipped().rules for _, text in (*rule.match, *rule.miss)] * 5)
