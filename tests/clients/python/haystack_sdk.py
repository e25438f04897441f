"""Haystack: both chat generators, its agent, and its embedders."""

from typing import Annotated

from haystack import Document, Pipeline
from haystack.components.agents import Agent
from haystack.components.embedders import OpenAIDocumentEmbedder, OpenAITextEmbedder
from haystack.components.generators.chat import OpenAIChatGenerator, OpenAIResponsesChatGenerator
from haystack.dataclasses import ChatMessage
from haystack.tools import create_tool_from_function
from pydantic import BaseModel

from report import STORE, case, has, run, same

MODEL = "gpt-4o-mini"
ASKED = "How many steps does the lighthouse tower have?"


class Person(BaseModel):
    name: str
    age: int


def get_weather(city: Annotated[str, "the city"]) -> str:
    """The weather of a city."""
    return f"12 degrees in {city}"


TOOL = create_tool_from_function(get_weather)


def generators(**more):
    return OpenAIChatGenerator(model=MODEL, **more), OpenAIResponsesChatGenerator(model=MODEL, **more)


def say(generator, messages, **more):
    return generator.run(messages=messages, **more)["replies"][0]


@case("plain", "run, both generators, and in a pipeline")
def _():
    for generator in generators(generation_kwargs={"temperature": 0}):
        has(say(generator, [ChatMessage.from_system("You are a pirate."), ChatMessage.from_user("hello")]).text, "Arr!")
        pipeline = Pipeline()
        pipeline.add_component("llm", generator.__class__(model=MODEL))
        result = pipeline.run({"llm": {"messages": [ChatMessage.from_user("hello")]}})
        has(result["llm"]["replies"][0].text, "hello")


@case("stream", "streaming_callback")
def _():
    for generator in generators():
        pieces = []
        reply = say(generator, [ChatMessage.from_user("hello there")], streaming_callback=lambda chunk: pieces.append(chunk.content))
        has("".join(pieces), "hello there")
        has(reply.text, "hello there")


@case("turns", "three turns with the replies it returned")
def _():
    for generator in generators():
        history = [ChatMessage.from_user("My name is Alice.")]
        for question in ("And then?", "What is my name?"):
            history += [say(generator, history), ChatMessage.from_user(question)]
        same(say(generator, history).text, "Your name is Alice.")


@case("turns", "a turn after a reasoned answer")
def _():
    for generator in generators():
        history = [ChatMessage.from_user("Think first. My name is Alice.")]
        history += [say(generator, history), ChatMessage.from_user("What is my name?")]
        same(say(generator, history).text, "Your name is Alice.")


@case("tools", "parallel calls, their results, and a turn after them")
def _():
    for generator in generators(tools=[TOOL]):
        history = [ChatMessage.from_user("My name is Alice. What is the weather in Paris and Rome?")]
        first = say(generator, history)
        same([call.arguments["city"] for call in first.tool_calls], ["Paris", "Rome"])
        told = [ChatMessage.from_tool(TOOL.invoke(**call.arguments), origin=call) for call in first.tool_calls]
        history += [first, *told]
        second = say(generator, history)
        has(second.text, "12 degrees in Paris / 12 degrees in Rome")
        history += [second, ChatMessage.from_user("What is my name?")]
        same(say(generator, history).text, "Your name is Alice.")


@case("tools", "Agent")
def _():
    for generator in generators():
        agent = Agent(chat_generator=generator, tools=[TOOL])
        result = agent.run(messages=[ChatMessage.from_user("What is the weather in Rome?")])
        has(result["messages"][-1].text, "12 degrees in Rome")


@case("structured", "response_format and text_format with a pydantic model")
def _():
    chat = OpenAIChatGenerator(model=MODEL, generation_kwargs={"response_format": Person})
    same(Person.model_validate_json(say(chat, [ChatMessage.from_user("Who?")]).text), Person(name="Ada", age=36))
    respond = OpenAIResponsesChatGenerator(model=MODEL, generation_kwargs={"text_format": Person})
    same(Person.model_validate_json(say(respond, [ChatMessage.from_user("Who?")]).text), Person(name="Ada", age=36))


@case("documents", "file_search as a tool of the Responses API, and a second turn")
def _():
    generator = OpenAIResponsesChatGenerator(model=MODEL, tools=[{"type": "file_search", "vector_store_ids": [STORE]}])
    first = say(generator, [ChatMessage.from_user(ASKED)])
    has(first.text, "142")
    assert say(generator, [ChatMessage.from_user(ASKED), first, ChatMessage.from_user("When was its lamp first lit?")]).text


@case("tuning", "reasoning in generation_kwargs")
def _():
    generator = OpenAIResponsesChatGenerator(model=MODEL, generation_kwargs={"reasoning": {"effort": "low", "summary": "auto"}})
    has(say(generator, [ChatMessage.from_user("hello")]).text, "hello")


@case("embeddings", "OpenAITextEmbedder and OpenAIDocumentEmbedder")
def _():
    same(len(OpenAITextEmbedder(model="text-embedding-3-small").run("a dog")["embedding"]), 384)
    documents = OpenAIDocumentEmbedder(model="text-embedding-3-small", progress_bar=False).run([Document(content="a dog")])
    same(len(documents["documents"][0].embedding), 384)


run("haystack-ai", "openai")
