"""Instructor: the modes that work with OpenAI's API."""

from collections.abc import Iterable

import instructor
from openai import OpenAI
from pydantic import BaseModel

from report import case, run, same

MODEL = "gpt-4o-mini"
ADA = {"name": "Ada", "age": 36}


class Person(BaseModel):
    name: str
    age: int


class Weather(BaseModel):
    city: str
    degrees: int


def ask(mode, model, question="Who?", **more):
    client = instructor.from_openai(OpenAI(), mode=mode)
    return client.chat.completions.create(
        model=MODEL, response_model=model, messages=[{"role": "user", "content": question}], max_retries=1, **more
    )


@case("plain", "no response_model")
def _():
    client = instructor.from_openai(OpenAI())
    answer = client.chat.completions.create(model=MODEL, response_model=None, messages=[{"role": "user", "content": "hello"}])
    assert "hello" in answer.choices[0].message.content


@case("structured", "modes TOOLS, TOOLS_STRICT, JSON_SCHEMA")
def _():
    for mode in (instructor.Mode.TOOLS, instructor.Mode.TOOLS_STRICT, instructor.Mode.JSON_SCHEMA):
        same(ask(mode, Person).model_dump(), ADA)


@case("structured", "mode JSON, which asks for json_object")
def _():
    same(ask(instructor.Mode.JSON, Weather).model_dump(), {"city": "Paris", "degrees": 7})


@case("structured", "mode RESPONSES_TOOLS")
def _():
    client = instructor.from_openai(OpenAI(), mode=instructor.Mode.RESPONSES_TOOLS)
    answer = client.responses.create(model=MODEL, input="Who?", response_model=Person, max_retries=1)
    same(answer.model_dump(), ADA)


@case("tools", "mode PARALLEL_TOOLS")
def _():
    found = list(ask(instructor.Mode.PARALLEL_TOOLS, Iterable[Weather], "What is the weather in Paris and Rome?"))
    same([each.city for each in found], ["Paris", "Rome"])


@case("stream", "create_partial and create_iterable")
def _():
    client = instructor.from_openai(OpenAI())
    messages = [{"role": "user", "content": "Who?"}]
    partial = list(client.chat.completions.create_partial(model=MODEL, response_model=Person, messages=messages))
    same(partial[-1].model_dump(), ADA)
    people = list(client.chat.completions.create_iterable(model=MODEL, response_model=Person, messages=messages))
    same([each.model_dump() for each in people], [ADA])


@case("turns", "a second turn after a parsed answer")
def _():
    client = instructor.from_openai(OpenAI())
    first, raw = client.chat.completions.create_with_completion(
        model=MODEL, response_model=Person, messages=[{"role": "user", "content": "Who?"}]
    )
    message = raw.choices[0].message
    messages = [
        {"role": "user", "content": "Who?"},
        message.model_dump(),
        {"role": "tool", "tool_call_id": message.tool_calls[0].id, "content": first.model_dump_json()},
        {"role": "user", "content": "Who, again?"},
    ]
    again = client.chat.completions.create(model=MODEL, response_model=Person, messages=messages)
    same(again.model_dump(), ADA)


run("instructor", "openai")
