"""Traffic to training data: answers with feedback become OpenAI-messages JSON Lines, split and accounted for.

    python -m gpu.prepare --url http://localhost:8787 --out ../training/support
    python -m gpu.prepare --export feedback.jsonl --out ../training/support

An answer is kept when its feedback reached `--min-score`, or when somebody wrote what it should have been: then the
correction is the answer to learn. Of several opinions on one answer the newest counts. Conversations that begin with
the same question stay on one side of the split, and questions of the evaluation sets (`--exclude`) stay out of both,
so that what is measured was not learned. The same input gives the same bytes; `manifest.json` holds their SHA-256.

Nothing is redacted: what people typed is in the files. Keep them where your data may be.
"""

import argparse
import hashlib
import json
import os
import re
import sys
import unicodedata
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Json = dict[str, Any]

PAGE = 100
# Two texts that share so many words in a row are taken for the same (GPT-3's decontamination, 2005.14165, used 13).
GRAM = 13


class Unusable(Exception):
    """The input cannot be prepared; the message says why."""


# --- where the feedback comes from -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Service:
    url: str
    key: str

    def get(self, path: str) -> Json:
        request = urllib.request.Request(self.url.rstrip("/") + path, headers={"authorization": f"Bearer {self.key}"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                body: Json = json.load(answer)
                return body
        except urllib.error.HTTPError as error:
            raise Unusable(f"{path} answered {error.code}: {error.read(300).decode(errors='replace')}") from error
        except (urllib.error.URLError, TimeoutError) as error:
            raise Unusable(f"{self.url} does not answer: {error}") from error


def fetch(service: Service) -> Iterator[Json]:
    """All feedback, newest first, each with the instructions of the prompt version that answered."""
    instructions: dict[str | None, str | None] = {None: None}
    after = None
    while True:
        query = {"limit": PAGE} if after is None else {"limit": PAGE, "after": after}
        page = service.get(f"/api/feedback?{urllib.parse.urlencode(query)}")
        for row in page["data"]:
            version = row.get("prompt_version")
            if version not in instructions:
                prompt, _, number = version.partition("@")
                instructions[version] = service.get(f"/api/prompts/{prompt}/versions/{number}")["instructions"]
            yield {**row, "instructions": instructions[version]}
        after = page.get("next")
        if after is None:
            return


def read_lines(path: Path) -> Iterator[Json]:
    # Not splitlines(): it also breaks at U+2028 and its like, which JSON allows inside a text.
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise Unusable(f"{path}, line {number}: not JSON") from error
        if not isinstance(row, dict):
            raise Unusable(f"{path}, line {number}: expected an object")
        yield row


def check_row(row: Json) -> Json:
    """A row as `GET /api/feedback` gives it; raises on what is none, naming the field."""
    kinds: dict[str, Any] = {"id": str, "created_at": str, "trace_id": str, "score": (int, float), "messages": list}
    for field, kind in kinds.items():
        if not isinstance(row.get(field), kind):
            raise Unusable(f"feedback {row.get('id')}: the field {field!r} is missing or of another type")
    for message in row["messages"]:
        if not isinstance(message, dict) or not all(isinstance(message.get(part), str) for part in ("role", "content")):
            raise Unusable(f"feedback {row['id']}: a message has no role or no content")
    return row


# --- what becomes of one row -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Example:
    messages: list[Json]
    question: str
    source: Json

    @property
    def conversation(self) -> str:
        """Equal for conversations that begin with the same words."""
        first = next(message["content"] for message in self.messages if message["role"] == "user")
        return digest(plain(first))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def file_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def plain(text: str) -> str:
    """Words only, in lower case: how texts are compared."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).lower()))


def example_of(row: Json, min_score: float) -> Example | str:
    """The example that a row of feedback gives, or why it gives none."""
    messages = [{"role": each["role"], "content": each["content"]} for each in row["messages"]]
    if not messages:
        return "no stored conversation"
    if messages[-1]["role"] != "assistant" or not any(message["role"] == "user" for message in messages):
        return "not a question and an answer"
    correction = row.get("correction")
    if correction is None and row["score"] < min_score:
        return "score too low"
    answer = correction if correction is not None else messages[-1]["content"]
    if not answer.strip():
        return "empty answer"
    turns = [*messages[:-1], {"role": "assistant", "content": answer}]
    if row.get("instructions") and turns[0]["role"] != "system":
        turns = [{"role": "system", "content": row["instructions"]}, *turns]
    question = next(message["content"] for message in reversed(messages) if message["role"] == "user")
    source = {field: row.get(field) for field in ("id", "trace_id", "prompt_version")}
    return Example(turns, question, source)


def grams(text: str) -> set[str]:
    words = plain(text).split()
    return {" ".join(words[at : at + GRAM]) for at in range(len(words) - GRAM + 1)}


class Excluded:
    """Questions that must not be learned: equal ones, and ones that share 13 words in a row."""

    def __init__(self, questions: Iterable[str]) -> None:
        self.texts: set[str] = set()
        self.grams: set[str] = set()
        for question in questions:
            self.texts.add(plain(question))
            self.grams |= grams(question)

    def __contains__(self, example: Example) -> bool:
        asked = [message["content"] for message in example.messages if message["role"] == "user"]
        return any(plain(text) in self.texts or not self.grams.isdisjoint(grams(text)) for text in asked)


def select(rows: Iterable[Json], min_score: float, excluded: Excluded) -> tuple[list[Example], Counter[str]]:
    """The examples in a stable order, and how many rows were dropped for which reason."""
    dropped: Counter[str] = Counter()
    newest: dict[str, Json] = {}
    for row in sorted(rows, key=lambda row: (row["created_at"], row["id"])):
        judged = row.get("response_id") or row["trace_id"]
        dropped["an older opinion on the same answer"] += judged in newest
        newest[judged] = row
    examples: dict[str, Example] = {}
    for row in newest.values():
        example = example_of(row, min_score)
        if isinstance(example, str):
            dropped[example] += 1
            continue
        if example in excluded:
            dropped["in an evaluation set"] += 1
            continue
        key = digest("\n".join(plain(message["content"]) for message in example.messages))
        dropped["the same conversation again"] += key in examples
        examples.setdefault(key, example)
    return [examples[key] for key in sorted(examples)], +dropped


def in_validation(example: Example, share: float, seed: int) -> bool:
    """By the hash of the conversation: the side of an example stays as the data grows."""
    return int(digest(f"{seed}:{example.conversation}")[:8], 16) < share * 2**32


# --- what is written -------------------------------------------------------------------------------------------


def write_lines(path: Path, examples: list[Example]) -> Json:
    text = "".join(json.dumps({"messages": each.messages}, ensure_ascii=False) + "\n" for each in examples)
    path.write_text(text, encoding="utf-8")
    return {"sha256": digest(text), "examples": len(examples), "bytes": len(text.encode())}


def write(out: Path, examples: list[Example], dropped: Counter[str], filters: Json) -> Json:
    out.mkdir(parents=True, exist_ok=True)
    sides: dict[str, list[Example]] = {"train.jsonl": [], "val.jsonl": []}
    for example in examples:
        validation = in_validation(example, filters["val_share"], filters["seed"])
        sides["val.jsonl" if validation else "train.jsonl"].append(example)
    manifest = {
        "format": "OpenAI messages, one conversation a line",
        "files": {name: write_lines(out / name, side) for name, side in sides.items()},
        "counts": {"kept": len(examples), "dropped": dict(sorted(dropped.items()))},
        "conversations": {name: len({each.conversation for each in side}) for name, side in sides.items()},
        "filters": filters,
        "sources": sorted((example.source for example in examples), key=lambda source: source["id"]),
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return manifest


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m gpu.prepare", description=__doc__.split("\n")[0])
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--url", help="a running service; the key is read from SELVEDGE_API_KEY, else sk-local")
    source.add_argument("--export", type=Path, help="feedback that was saved before, one object a line")
    parser.add_argument("--out", type=Path, required=True, help="a folder for train.jsonl, val.jsonl and manifest.json")
    parser.add_argument("--save", type=Path, help="also keep what was fetched, for --export")
    parser.add_argument("--min-score", type=float, default=1.0, help="lowest score of an answer that is kept (1)")
    parser.add_argument("--val-share", type=float, default=0.2, help="share of conversations for validation (0.2)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--exclude", type=Path, action="append", default=[], help="a dataset in JSON Lines; repeatable")
    options = parser.parse_args()
    if not 0 <= options.val_share < 1:
        parser.error("--val-share: expected a number from 0 up to, not including, 1")
    try:
        if options.url is not None:
            service = Service(options.url, os.environ.get("SELVEDGE_API_KEY", "sk-local"))
            rows = [check_row(row) for row in fetch(service)]
        else:
            rows = [check_row(row) for row in read_lines(options.export)]
        if options.save is not None:
            saved = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            options.save.write_text(saved, encoding="utf-8")
        excluded = Excluded(case["question"] for path in options.exclude for case in read_lines(path))
        examples, dropped = select(rows, options.min_score, excluded)
        filters = {
            "min_score": options.min_score,
            "val_share": options.val_share,
            "seed": options.seed,
            "exclude": [{"path": path.as_posix(), "sha256": file_digest(path)} for path in options.exclude],
        }
        manifest = write(options.out, examples, dropped, filters)
    except (Unusable, OSError, UnicodeDecodeError) as error:
        print(f"prepare: {error}", file=sys.stderr)
        return 2
    except KeyError as error:
        print(f"prepare: a row has no field {error}", file=sys.stderr)
        return 2
    for name, described in manifest["files"].items():
        print(f"{described['examples']:>6} {name}  sha256 {described['sha256'][:12]}…")
    for reason, count in manifest["counts"]["dropped"].items():
        print(f"{count:>6} left out: {reason}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
