"""`python -m gpu.prepare`: what is kept, what is left out, and that the same input gives the same bytes."""

import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest

from gpu.prepare import Excluded, example_of, in_validation

ROOT = Path(__file__).parents[2]
SYSTEM = "Answer from the passages."


def row(number: int, question: str, answer: str, score: float = 1, **more: Any) -> dict[str, Any]:
    return {
        "id": f"fb_{number:03}",
        "trace_id": f"{number:032x}",
        "response_id": f"resp_{number}",
        "score": score,
        "comment": None,
        "correction": None,
        "created_at": f"2026-11-22T12:00:{number % 60:02}.000Z",
        "prompt_version": "default@1",
        "messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}],
        "instructions": SYSTEM,
        **more,
    }


def prepare(tmp_path: Path, rows: list[dict[str, Any]], *words: str) -> Path:
    export = tmp_path / "export.jsonl"
    export.write_text("".join(json.dumps(each) + "\n" for each in rows))
    return run(tmp_path / "out", "--export", str(export), *words)


def run(out: Path, *words: str) -> Path:
    done = subprocess.run(
        [sys.executable, "-m", "gpu.prepare", "--out", str(out), *words], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return out


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def examples(out: Path) -> list[dict[str, Any]]:
    return [*lines(out / "train.jsonl"), *lines(out / "val.jsonl")]


def manifest(out: Path) -> dict[str, Any]:
    return json.loads((out / "manifest.json").read_text())


def test_a_liked_answer_becomes_a_conversation_with_its_instructions(tmp_path: Path):
    out = prepare(tmp_path, [row(1, "How long is the warranty?", "Ten years. [1]")])
    assert examples(out) == [
        {
            "messages": [
                {"role": "system", "content": SYSTEM},
                {"role": "user", "content": "How long is the warranty?"},
                {"role": "assistant", "content": "Ten years. [1]"},
            ]
        }
    ]


def test_a_correction_is_learned_in_place_of_the_answer_whatever_its_score(tmp_path: Path):
    out = prepare(tmp_path, [row(1, "How long?", "Two years.", score=-1, correction="Ten years.")])
    assert examples(out)[0]["messages"][-1] == {"role": "assistant", "content": "Ten years."}


def test_what_is_left_out_is_counted_by_reason(tmp_path: Path):
    out = prepare(
        tmp_path,
        [
            row(1, "Kept?", "Yes."),
            row(2, "kept", "YES!"),
            row(3, "Bad?", "Yes.", score=-1),
            row(4, "Half?", "Yes.", score=0.5),
            row(5, "Gone?", "Yes.", messages=[]),
            row(6, "Asked only?", "", messages=[{"role": "user", "content": "Asked only?"}]),
            row(7, "Changed my mind?", "Yes.", score=1, response_id="resp_same"),
            row(8, "Changed my mind?", "Yes.", score=-1, response_id="resp_same"),
        ],
    )
    assert manifest(out)["counts"] == {
        "kept": 1,
        "dropped": {
            "an older opinion on the same answer": 1,
            "no stored conversation": 1,
            "not a question and an answer": 1,
            "score too low": 3,
            "the same conversation again": 1,
        },
    }
    lower = prepare(tmp_path, [row(4, "Half?", "Yes.", score=0.5)], "--min-score", "0.5")
    assert manifest(lower)["counts"]["kept"] == 1


def test_questions_of_the_evaluation_sets_stay_out(tmp_path: Path):
    dataset = tmp_path / "cases.jsonl"
    long = "which of the many bicycles that you sell in your shop is best for a long tour in the rain"
    dataset.write_text("".join(json.dumps({"question": text}) + "\n" for text in ("What is E07?", long)))
    rows = [row(1, "what is E07", "A sensor."), row(2, f"Please tell me {long}, and why?", "x"), row(3, "Other?", "x")]
    out = prepare(tmp_path, rows, "--exclude", str(dataset))
    assert [each["messages"][1]["content"] for each in examples(out)] == ["Other?"]
    assert manifest(out)["counts"]["dropped"] == {"in an evaluation set": 2}


def test_conversations_that_begin_alike_stay_on_one_side(tmp_path: Path):
    rows = [row(n, f"Question {n // 4}?", f"Answer {n}.") for n in range(400)]
    out = prepare(tmp_path, rows)
    first = [{each["messages"][1]["content"] for each in lines(out / name)} for name in ("train.jsonl", "val.jsonl")]
    assert not first[0] & first[1]
    assert 8 <= len(first[1]) <= 32, "about a fifth of a hundred conversations"
    assert len(examples(out)) == 400


def test_the_side_of_an_example_stays_as_data_is_added(tmp_path: Path):
    example = example_of(row(1, "How long?", "Ten."), 1)
    assert not isinstance(example, str)
    sides = {in_validation(example, 0.2, seed) for seed in range(40)}
    assert sides == {True, False}, "the seed decides"
    assert in_validation(example, 0.2, 7) == in_validation(example, 0.2, 7)


def test_the_same_input_in_another_order_gives_the_same_bytes_and_the_manifest_tells_them(tmp_path: Path):
    rows = [row(n, f"Question {n}?", f"Answer {n}.") for n in range(30)]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, two = prepare(tmp_path / "a", rows), prepare(tmp_path / "b", rows[::-1])
    for name in ("train.jsonl", "val.jsonl", "manifest.json"):
        assert (one / name).read_bytes() == (two / name).read_bytes()
    for name, described in manifest(one)["files"].items():
        data = (one / name).read_bytes()
        assert described == {
            "sha256": hashlib.sha256(data).hexdigest(),
            "examples": len(data.splitlines()),
            "bytes": len(data),
        }
    assert len(manifest(one)["sources"]) == 30


def test_a_question_of_thirteen_words_is_found_inside_a_longer_one():
    thirteen = "one two three four five six seven eight nine ten eleven twelve thirteen"
    example = example_of(row(1, f"zero {thirteen} fourteen", "x"), 1)
    assert example in Excluded([thirteen])
    assert example not in Excluded([thirteen.removeprefix("one ")])


class FakeService(BaseHTTPRequestHandler):
    """What `prepare` asks of the product: pages of feedback, and prompt versions; 250 rows, 100 a page."""

    rows = [{**row(n, f"Question {n}?", f"Answer {n}."), "instructions": "never sent by the API"} for n in range(250)]
    asked: list[str] = []

    def do_GET(self) -> None:
        FakeService.asked.append(self.path)
        url = urlparse(self.path)
        if self.headers["authorization"] != "Bearer sk-local":
            return self.answer(401, {"detail": "no key"})
        if url.path == "/api/prompts/default/versions/1":
            return self.answer(200, {"instructions": SYSTEM})
        query = parse_qs(url.query)
        start, limit = int(query.get("after", ["0"])[0]), int(query["limit"][0])
        rest = [{k: v for k, v in each.items() if k != "instructions"} for each in self.rows]
        page, end = rest[start : start + limit], start + limit
        self.answer(200, {"data": page, "has_more": end < len(rest), "next": str(end) if end < len(rest) else None})

    def answer(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), FakeService)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_feedback_is_fetched_page_by_page_and_can_be_kept(
    tmp_path: Path, service: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("SELVEDGE_API_KEY", raising=False)
    saved = tmp_path / "saved.jsonl"
    fetched = run(tmp_path / "fetched", "--url", service, "--save", str(saved))
    assert len(examples(fetched)) == 250
    assert examples(fetched)[0]["messages"][0] == {"role": "system", "content": SYSTEM}
    assert FakeService.asked.count("/api/prompts/default/versions/1") == 1
    again = run(tmp_path / "again", "--export", str(saved))
    assert (again / "train.jsonl").read_bytes() == (fetched / "train.jsonl").read_bytes()


def test_what_cannot_be_read_is_said_without_a_stack(tmp_path: Path, service: str, monkeypatch: pytest.MonkeyPatch):
    broken, missing = tmp_path / "broken.jsonl", tmp_path / "missing.jsonl"
    broken.write_text('{"id": 1\n')
    missing.write_text('{"id": "fb_1"}\n')
    typed, turned, binary = (tmp_path / name for name in ("typed.jsonl", "turned.jsonl", "binary.jsonl"))
    typed.write_text(json.dumps(row(1, "Why?", "So.", "good")) + "\n")
    turned.write_text(json.dumps(row(2, "Why?", "So.", messages=[{"role": "user"}])) + "\n")
    binary.write_bytes(bytes(range(128, 256)))
    monkeypatch.setenv("SELVEDGE_API_KEY", "sk-wrong")
    for words, said in [
        (["--export", str(broken)], "line 1"),
        (["--export", str(missing)], "'created_at'"),
        (["--export", str(typed)], "'score'"),
        (["--export", str(turned)], "fb_002"),
        (["--export", str(binary)], "utf-8"),
        (["--export", str(tmp_path / "nowhere")], "nowhere"),
        (["--url", service], "401"),
        (["--url", "http://127.0.0.1:1"], "does not answer"),
    ]:
        done = subprocess.run(
            [sys.executable, "-m", "gpu.prepare", "--out", str(tmp_path / "out"), *words],
            cwd=ROOT, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 2
        assert said in done.stderr and "Traceback" not in done.stderr


def test_the_manifest_pins_what_was_excluded_and_a_line_separator_inside_a_text_ends_no_line(tmp_path: Path):
    dataset = tmp_path / "sample.jsonl"
    dataset.write_text('{"question": "What stays out?"}\n')
    out = prepare(tmp_path, [row(1, "Which\u2028line?", "This one.")], "--exclude", str(dataset))
    assert manifest(out)["filters"]["exclude"] == [
        {"path": dataset.as_posix(), "sha256": hashlib.sha256(dataset.read_bytes()).hexdigest()}
    ]
    # As `--save` and a service's own export write it: unescaped.
    export = tmp_path / "raw.jsonl"
    export.write_text(json.dumps(row(1, "Which\u2028line?", "This one."), ensure_ascii=False) + "\n")
    assert manifest(run(tmp_path / "again", "--export", str(export)))["counts"]["kept"] == 1
