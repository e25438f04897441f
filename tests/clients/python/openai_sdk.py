"""The official Python client, in both of the majors that are in use."""

import json
from uuid import uuid4

from openai import APIError, BadRequestError, NotFoundError, OpenAI
from pydantic import BaseModel

from report import STORE, case, has, received, run, same

client = OpenAI()
MODEL = "gpt-4o-mini"
HOSTED = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
SEARCH = {"type": "file_search", "vector_store_ids": [STORE]}
ASKED = "How many steps does the lighthouse tower have?"
PARAMETERS = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
TOOL = {"type": "function", "name": "get_weather", "description": "The weather", "parameters": PARAMETERS, "strict": True}
CHAT_TOOL = {"type": "function", "function": {"name": "get_weather", "parameters": PARAMETERS}}


class Person(BaseModel):
    name: str
    age: int


def user(text):
    return {"role": "user", "content": text}


def chat(messages, **more):
    return client.chat.completions.create(model=MODEL, messages=messages, **more)


def respond(given, **more):
    return client.responses.create(model=MODEL, input=given, **more)


def outputs(items, text="12 degrees"):
    return [
        {"type": "function_call_output", "call_id": item.call_id, "output": text}
        for item in items
        if item.type == "function_call"
    ]


def refused(call):
    """The error that a caller's mistake has to be: a 400, which the client does not send again."""
    try:
        call()
    except BadRequestError as error:
        return error
    raise AssertionError("expected a BadRequestError")


# --- plain and stream


@case("plain", "responses.create with a text, and with messages")
def _():
    has(respond("hello").output_text, "hello")
    has(respond([{"role": "developer", "content": "You are a pirate."}, user("hello")]).output_text, "Arr!")
    has(respond("hello", instructions="You are a pirate.", temperature=0, top_p=1, max_output_tokens=50).output_text, "Arr!")


@case("plain", "chat.completions.create")
def _():
    answer = chat([{"role": "system", "content": "You are a pirate."}, user("hello")], max_completion_tokens=50, seed=1, stop=["#"])
    has(answer.choices[0].message.content, "Arr!")
    same(answer.choices[0].finish_reason, "stop")
    assert answer.usage.total_tokens > 0


@case("stream", "responses.create(stream=True) and the responses.stream helper")
def _():
    text = "".join(e.delta for e in respond("hello there", stream=True) if e.type == "response.output_text.delta")
    has(text, "hello there")
    with client.responses.stream(model=MODEL, input="hello there") as stream:
        deltas = [event.delta for event in stream if event.type == "response.output_text.delta"]
        same("".join(deltas), stream.get_final_response().output_text)


@case("stream", "chat.completions.create(stream=True) with usage, and the chat.completions.stream helper")
def _():
    chunks = list(chat([user("hello there")], stream=True, stream_options={"include_usage": True}))
    has("".join(c.choices[0].delta.content or "" for c in chunks if c.choices), "hello there")
    assert chunks[-1].usage.total_tokens > 0
    with client.chat.completions.stream(model=MODEL, messages=[user("hello there")]) as stream:
        stream.until_done()
        has(stream.get_final_completion().choices[0].message.content, "hello there")


@case("stream", "stream_options.include_obfuscation in both dialects")
def _():
    options = {"include_obfuscation": False}
    assert len(list(respond("hello", stream=True, stream_options=options))) > 3
    assert len(list(chat([user("hello")], stream=True, stream_options=options))) > 1


# --- turns: what the server said is sent back in the ways in which people send it


@case("turns", "three turns with the objects of r.output")
def _():
    history = [user("My name is Alice.")]
    for question in ("And then?", "What is my name?"):
        history += respond(history).output
        history.append(user(question))
    same(respond(history).output_text, "Your name is Alice.")


@case("turns", "three turns with item.model_dump(), tool calls among them")
def _():
    history = [user("My name is Alice. What is the weather in Paris?")]
    first = respond(history, tools=[TOOL])
    history += [item.model_dump() for item in first.output] + outputs(first.output)
    second = respond(history, tools=[TOOL])
    history += [item.model_dump() for item in second.output] + [user("What is my name?")]
    same(respond(history, tools=[TOOL]).output_text, "Your name is Alice.")


@case("turns", "two turns with item_reference to a stored message")
def _():
    first = respond("My name is Alice.")
    reference = {"type": "item_reference", "id": first.output[0].id}
    second = respond([user("My name is Alice."), reference, user("And then?")])
    same(second.output_text, "Question 2 after 1 answers: And then?")


@case("turns", "item_reference to a stored tool call, and to one that nobody stored")
def _():
    question = user("What is the weather in Paris?")
    first = respond([question], tools=[TOOL])
    reference = {"type": "item_reference", "id": first.output[0].id}
    second = respond([question, reference, *outputs(first.output)], tools=[TOOL])
    same(second.output_text, "The tool says: 12 degrees")
    try:
        respond([question, {"type": "item_reference", "id": "msg_nobody"}, user("go on")])
        raise AssertionError("expected a NotFoundError")
    except NotFoundError as error:
        has(error.message, "msg_nobody")


@case("turns", "previous_response_id over three turns, with a tool call on the way")
def _():
    first = respond("My name is Alice. What is the weather in Paris?", tools=[TOOL])
    second = respond(outputs(first.output), tools=[TOOL], previous_response_id=first.id)
    has(second.output_text, "12 degrees")
    third = respond("What is my name?", tools=[TOOL], previous_response_id=second.id)
    same(third.output_text, "Your name is Alice.")


@case("turns", "items of a history that began elsewhere: reasoning, web_search_call, image_generation_call")
def _():
    foreign = [
        {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "Hm."}], "encrypted_content": "gAAA"},
        {"type": "reasoning", "id": "rs_2", "summary": [], "content": None, "encrypted_content": None, "status": None},
        {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {"type": "search", "query": "x"}},
        {"type": "image_generation_call", "id": "ig_1", "status": "completed", "result": None},
        {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [
            {"type": "output_text", "text": "Hello Alice.", "annotations": [], "logprobs": None}]},
    ]
    given = [user("My name is Alice."), *foreign, user("What is my name?")]
    same(respond(given).output_text, "Your name is Alice.")


@case("turns", "items with id, status and unknown fields set to null")
def _():
    first = respond("What is the weather in Paris?", tools=[TOOL])
    call = first.output[0]
    given = [
        {"type": "message", "role": "user", "content": "What is the weather in Paris?", "id": None, "status": None},
        {"type": "function_call", "id": None, "status": None, "call_id": call.call_id, "name": call.name,
         "arguments": call.arguments, "namespace": None, "caller": None},
        {"type": "function_call_output", "id": None, "status": None, "call_id": call.call_id, "output": "12 degrees"},
    ]
    same(respond(given, tools=[TOOL]).output_text, "The tool says: 12 degrees")


@case("turns", "three chat turns with message objects, and with message.model_dump()")
def _():
    for echo in (lambda message: message, lambda message: message.model_dump()):
        messages = [user("My name is Alice.")]
        for question in ("And then?", "What is my name?"):
            messages += [echo(chat(messages).choices[0].message), user(question)]
        same(chat(messages).choices[0].message.content, "Your name is Alice.")


@case("turns", "a chat history that was put together from a stream: index in tool_calls, reasoning_content, null content")
def _():
    messages = [user("What is the weather in Paris?")]
    calls = {}
    for chunk in chat(messages, tools=[CHAT_TOOL], stream=True):
        for delta in (chunk.choices[0].delta.tool_calls or []) if chunk.choices else []:
            entry = calls.setdefault(delta.index, {"index": delta.index, "id": delta.id, "type": "function",
                                                   "function": {"name": delta.function.name, "arguments": ""}})
            entry["function"]["arguments"] += delta.function.arguments or ""
    messages.append({"role": "assistant", "content": None, "reasoning_content": "Hm.", "tool_calls": list(calls.values())})
    for call in calls.values():
        messages.append({"role": "tool", "tool_call_id": call["id"], "name": "get_weather", "content": "12 degrees"})
    answer = chat(messages, tools=[CHAT_TOOL]).choices[0].message
    same(answer.content, "The tool says: 12 degrees")


@case("turns", "a chat history with a refusal part, a tool message without content, and names")
def _():
    name = f"alice-{uuid4().hex[:8]}"
    call = {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}
    messages = [
        {"role": "user", "name": name, "content": "My name is Alice."},
        {"role": "assistant", "content": [{"type": "refusal", "refusal": "I will not."}]},
        user("The weather, please."),
        {"role": "assistant", "content": "", "tool_calls": [call], "function_call": None, "audio": None},
        {"role": "tool", "tool_call_id": "call_1", "content": None},
        {"role": "assistant", "content": "Cold."},
        user("What is my name?"),
    ]
    same(chat(messages).choices[0].message.content, "Your name is Alice.")
    same(len(received(name)), 1)


@case("turns", "a reasoned answer, dumped and as an object: its reasoning goes back with it")
def _():
    question = user("Think first. My name is Alice.")
    first = respond([question])
    same([item.type for item in first.output], ["reasoning", "message"])
    has(first.output[0].content[0].text, "Let me see.")
    for echo in (lambda item: item, lambda item: item.model_dump()):
        same(respond([question, *map(echo, first.output), user("What is my name?")]).output_text, "Your name is Alice.")
    with client.responses.stream(model=MODEL, input="Think first.") as stream:
        same([item.type for item in stream.get_final_response().output], ["reasoning", "message"])
    message = chat([question]).choices[0].message
    same(message.reasoning_content, "Let me see.")
    same(chat([question, message.model_dump(), user("What is my name?")]).choices[0].message.content, "Your name is Alice.")


@case("turns", "a refusal, dumped")
def _():
    question = user("Refuse this. My name is Alice.")
    first = respond([question])
    same(first.output[0].content[0].refusal, "I will not.")
    dumps = [item.model_dump() for item in first.output]
    same(respond([question, *dumps, user("What is my name?")]).output_text, "Your name is Alice.")
    message = chat([question]).choices[0].message
    same((message.refusal, message.content), ("I will not.", None))
    same(chat([question, message.model_dump(), user("What is my name?")]).choices[0].message.content, "Your name is Alice.")


# --- tools


@case("tools", "a loop with parallel calls, streamed and not")
def _():
    question = "What is the weather in Paris and Rome?"
    first = respond(question, tools=[TOOL])
    same([json.loads(item.arguments)["city"] for item in first.output], ["Paris", "Rome"])
    given = [user(question), *first.output, *outputs(first.output)]
    has(respond(given, tools=[TOOL]).output_text, "12 degrees / 12 degrees")
    with client.responses.stream(model=MODEL, input=question, tools=[TOOL]) as stream:
        items = stream.get_final_response().output
    same([json.loads(item.arguments)["city"] for item in items], ["Paris", "Rome"])


@case("tools", "a chat loop with parallel calls")
def _():
    messages = [user("What is the weather in Paris and Rome?")]
    choice = chat(messages, tools=[CHAT_TOOL]).choices[0]
    same(choice.finish_reason, "tool_calls")
    messages.append(choice.message)
    messages += [{"role": "tool", "tool_call_id": c.id, "content": "12 degrees"} for c in choice.message.tool_calls]
    same(chat(messages, tools=[CHAT_TOOL]).choices[0].message.content, "The tool says: 12 degrees / 12 degrees")


@case("tools", "calls of a model that says `stop` beside them")
def _():
    choice = chat([user("What is the weather in Paris? Answer carelessly.")], tools=[CHAT_TOOL]).choices[0]
    same((choice.finish_reason, len(choice.message.tool_calls)), ("tool_calls", 1))
    chunks = chat([user("What is the weather in Paris? Answer carelessly.")], tools=[CHAT_TOOL], stream=True)
    same([c.choices[0].finish_reason for c in chunks if c.choices and c.choices[0].finish_reason], ["tool_calls"])


@case("tools", "function_call_output as a list of parts")
def _():
    first = respond("What is the weather in Paris?", tools=[TOOL])
    parts = [{"type": "input_text", "text": "12"}, {"type": "input_text", "text": "degrees"}]
    given = [user("What is the weather in Paris?"), *first.output, *outputs(first.output, parts)]
    has(respond(given, tools=[TOOL]).output_text, "degrees")


@case("tools", "tool_choice: none, required, one function, allowed_tools")
def _():
    question = "What is the weather in Paris?"
    same(respond(question, tools=[TOOL], tool_choice="none").output[0].type, "message")
    for choice in ("required", {"type": "function", "name": "get_weather"},
                   {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": "get_weather"}]}):
        same(respond(question, tools=[TOOL], tool_choice=choice).output[0].type, "function_call")


# --- structured output


@case("structured", "responses.parse and chat.completions.parse with a pydantic model, and json_object")
def _():
    ada = Person(name="Ada", age=36)
    same(client.responses.parse(model=MODEL, input="Who?", text_format=Person).output_parsed, ada)
    parsed = client.chat.completions.parse(model=MODEL, messages=[user("Who?")], response_format=Person)
    same(parsed.choices[0].message.parsed, ada)
    with client.responses.stream(model=MODEL, input="Who?", text_format=Person) as stream:
        same(stream.get_final_response().output_parsed, ada)
    answer = chat([user("Some JSON, please.")], response_format={"type": "json_object"})
    same(json.loads(answer.choices[0].message.content)["city"], "Paris")


@case("structured", "a second turn after a parsed answer, dumped with `parsed` in it")
def _():
    first = client.chat.completions.parse(model=MODEL, messages=[user("Who?")], response_format=Person)
    messages = [user("My name is Alice."), first.choices[0].message.model_dump(), user("What is my name?")]
    same(chat(messages).choices[0].message.content, "Your name is Alice.")
    response = client.responses.parse(model=MODEL, input="Who?", text_format=Person)
    given = [user("My name is Alice."), *[item.model_dump() for item in response.output], user("What is my name?")]
    same(respond(given).output_text, "Your name is Alice.")


# --- documents


def citations(response):
    return [a for item in response.output if item.type == "message" for part in item.content for a in part.annotations]


@case("documents", "file_search with results, streamed and not, and its items sent back")
def _():
    first = respond(ASKED, tools=[SEARCH], include=["file_search_call.results"])
    has(first.output_text, "142")
    same(citations(first)[0].type, "file_citation")
    has(first.output[0].results[0].text, "142 steps")
    with client.responses.stream(model=MODEL, input=ASKED, tools=[SEARCH]) as stream:
        has(stream.get_final_response().output_text, "142")
    given = [user(ASKED), *[item.model_dump() for item in first.output], user("When was its lamp first lit?")]
    assert citations(respond(given, tools=[SEARCH]))


@case("documents", "file_search options that are null")
def _():
    tool = {**SEARCH, "max_num_results": None, "ranking_options": None, "filters": None}
    has(respond(ASKED, tools=[tool]).output_text, "142")


@case("documents", "chat.completions with vector_store_ids: citations that typed clients take")
def _():
    answer = chat([user(ASKED)], extra_body={"vector_store_ids": [STORE]})
    has(answer.choices[0].message.content, "142")
    for annotation in answer.choices[0].message.annotations or []:
        same(annotation.type, "url_citation")
    messages = [user(ASKED), answer.choices[0].message.model_dump(), user("And when was its lamp first lit?")]
    assert chat(messages, extra_body={"vector_store_ids": [STORE]}).choices[0].message.content


@case("documents", "vector stores and files: create, upload, list, search, delete")
def _():
    store = client.vector_stores.create(name="a shelf", metadata={"kind": "test"})
    file = client.vector_stores.files.upload_and_poll(vector_store_id=store.id, file=("a.txt", b"Owls hunt at night."))
    same(file.status, "completed")
    found = client.vector_stores.search(store.id, query="When do owls hunt?")
    has(found.data[0].content[0].text, "night")
    same([each.id for each in client.vector_stores.files.list(store.id)], [file.id])
    client.files.delete(file.id)
    assert client.vector_stores.delete(store.id).deleted


# --- null and default values, and fields that only tune or annotate


@case("nulls", "every optional field of a chat completion as null or as its default")
def _():
    nulls = ("tools", "tool_choice", "response_format", "parallel_tool_calls", "user", "logprobs", "top_logprobs",
             "modalities", "functions", "function_call", "metadata", "logit_bias", "audio", "prediction",
             "stream_options", "max_tokens", "seed", "stop", "n", "reasoning_effort", "service_tier", "store")
    has(chat([user("hello")], extra_body={name: None for name in nulls}).choices[0].message.content, "hello")
    defaults = {"logprobs": False, "modalities": ["text"], "n": 1, "presence_penalty": 0, "frequency_penalty": 0,
                "store": False, "tool_choice": "auto", "tools": [], "response_format": {"type": "text"}}
    has(chat([user("hello")], extra_body=defaults).choices[0].message.content, "hello")
    tool = {"type": "function", "function": {"name": "get_weather", "description": None, "parameters": None, "strict": None}}
    assert chat([user("The weather?")], tools=[tool]).choices[0].message.tool_calls


@case("nulls", "every optional field of a response as null")
def _():
    nulls = ("tools", "tool_choice", "text", "user", "reasoning", "service_tier", "safety_identifier",
             "prompt_cache_key", "prompt_cache_retention", "max_tool_calls", "top_logprobs", "stream_options", "include",
             "metadata", "instructions", "truncation", "background", "conversation", "prompt", "previous_response_id",
             "parallel_tool_calls", "store", "temperature", "top_p", "max_output_tokens")
    has(respond("hello", extra_body={name: None for name in nulls}).output_text, "hello")
    has(respond("hello", extra_body={"text": {"format": None, "verbosity": None}}).output_text, "hello")


@case("nulls", "optional fields of embeddings and vector stores as null")
def _():
    nulls = {"encoding_format": None, "dimensions": None, "user": None}
    answer = client.embeddings.create(model="text-embedding-3-small", input="hello", extra_body=nulls)
    same(len(answer.data), 1)
    names = ("name", "description", "expires_after", "file_ids", "chunking_strategy", "metadata")
    store = client.vector_stores.create(extra_body={name: None for name in names})
    client.vector_stores.delete(store.id)


TUNING = {
    "safety_identifier": "u-1",
    "prompt_cache_key": "k-1",
    "prompt_cache_retention": "24h",
    "service_tier": "auto",
    "reasoning": {"effort": "low", "summary": "auto"},
    "text": {"verbosity": "low"},
    "max_tool_calls": 4,
    "truncation": "auto",
    "include": ["reasoning.encrypted_content"],
    "client_metadata": {"origin": "test"},
}
CHAT_TUNING = {
    "presence_penalty": 0,
    "frequency_penalty": 0.1,
    "parallel_tool_calls": False,
    "store": False,
    "logit_bias": {},
    "metadata": None,
    "reasoning_effort": "low",
    "verbosity": "low",
    "safety_identifier": "u-1",
    "prompt_cache_key": "k-1",
    "service_tier": "auto",
}


@case("tuning", "fields of a response that only tune or annotate, on two kinds of target")
def _():
    for field, value in TUNING.items():
        try:
            has(respond("hello", extra_body={field: value}).output_text, "hello")
        except BadRequestError as error:
            raise AssertionError(f"{field}: {error.message}") from error
    answer = client.responses.with_raw_response.create(model=HOSTED, input="hello", max_output_tokens=4, extra_body=TUNING)
    has(answer.headers.get("x-selvedge-ignored"), "reasoning")


@case("tuning", "fields of a chat completion that only tune or annotate, on two kinds of target and with documents")
def _():
    for field, value in CHAT_TUNING.items():
        try:
            chat([user("hello")], extra_body={field: value})
        except BadRequestError as error:
            raise AssertionError(f"{field}: {error.message}") from error
    with_documents = {**CHAT_TUNING, "vector_store_ids": [STORE]}
    has(chat([user(ASKED)], extra_body=with_documents).choices[0].message.content, "142")
    create = client.chat.completions.with_raw_response.create
    answer = create(model=HOSTED, messages=[user("hello")], max_tokens=4, extra_body=CHAT_TUNING)
    has(answer.headers.get("x-selvedge-ignored"), "reasoning_effort")


@case("tuning", "what a field asks for that changes the answer is refused as not supported")
def _():
    for call in (
        lambda: respond("hello", top_logprobs=3, include=["message.output_text.logprobs"]),
        lambda: respond("hello", tools=[{"type": "web_search"}]),
        lambda: respond("hello", tools=[{"type": "code_interpreter", "container": {"type": "auto"}}]),
        lambda: chat([user("hello")], n=2),
        lambda: chat([user("hello")], logprobs=True),
        lambda: chat([user("hello")], modalities=["text", "audio"]),
    ):
        has(refused(call).message, "not supported")


# --- errors


@case("errors", "a context that is too long is the caller's error with its code, and is asked once")
def _():
    for dialect, stream in (("chat", False), ("responses", False), ("chat", True), ("responses", True)):
        words = f"context too long, {uuid4()}"
        given = {"messages": [user(words)]} if dialect == "chat" else {"input": words}
        create = client.chat.completions.create if dialect == "chat" else client.responses.create
        error = refused(lambda: list(create(model=MODEL, stream=stream, **given)))  # noqa: B023
        same(error.code, "context_length_exceeded")
        same(len(received(words)), 1)


@case("errors", "a model that breaks off in the middle of a stream")
def _():
    events = list(respond("Break off, please.", stream=True))
    same((events[-1].type, events[-1].response.status), ("response.failed", "failed"))
    try:
        list(chat([user("Break off, please.")], stream=True))
        raise AssertionError("expected an APIError")
    except APIError as error:
        has(error.message, "model")


@case("errors", "an error names its field in words")
def _():
    error = refused(lambda: respond("hello", tool_choice={"type": "banana"}, tools=[TOOL]))
    has(error.message, "tool_choice")
    assert "Invalid input" not in error.message, error.message
    error = refused(lambda: chat([user("hello")], tools=[CHAT_TOOL] * 129))
    assert "Too big" not in error.message, error.message
    error = refused(lambda: client.embeddings.create(model="text-embedding-3-small", input=["a"] * 2049))
    has(error.message, "2048")


@case("errors", "retrieve(include=…) of a stored response")
def _():
    first = respond(ASKED, tools=[SEARCH])
    again = client.responses.retrieve(first.id, include=["file_search_call.results"])
    same(again.id, first.id)


@case("errors", "a base URL without /v1 is told where the API is")
def _():
    lost = OpenAI(base_url=str(client.base_url).removesuffix("v1/"))
    for call in (
        lambda: lost.models.list(),
        lambda: lost.chat.completions.create(model=MODEL, messages=[user("hello")]),
    ):
        try:
            call()
            raise AssertionError("expected a NotFoundError")
        except NotFoundError as error:
            has(error.message, "/v1")


# --- embeddings and models


@case("embeddings", "one and many texts, base64 and float")
def _():
    many = client.embeddings.create(model="text-embedding-3-small", input=["a dog", "a cat"])
    same([len(item.embedding) for item in many.data], [384, 384])
    one = client.embeddings.create(model="text-embedding-3-small", input="a dog", encoding_format="float")
    assert abs(one.data[0].embedding[0] - many.data[0].embedding[0]) < 1e-5


@case("embeddings", "arrays of tokens, as cl100k_base has them")
def _():
    # "a dog" and "a cat" in the vocabulary of OpenAI's embedding models.
    tokens = client.embeddings.create(model="text-embedding-3-small", input=[[64, 5679], [64, 8415]])
    words = client.embeddings.create(model="text-embedding-3-small", input=["a dog", "a cat"])
    for given, expected in zip(tokens.data, words.data, strict=True):
        assert abs(given.embedding[0] - expected.embedding[0]) < 1e-5


@case("models", "list and retrieve, OpenAI's names among them")
def _():
    assert MODEL in [model.id for model in client.models.list()]
    same(client.models.retrieve(MODEL).id, MODEL)


run("openai")
