"""AutoGen: its client for chat completions, and an agent over several tasks."""

import os

from autogen_agentchat.agents import AssistantAgent
from autogen_core.models import AssistantMessage, SystemMessage, UserMessage
from autogen_ext.models.openai import OpenAIChatCompletionClient
from pydantic import BaseModel

from report import STORE, case, has, run, same


class Person(BaseModel):
    name: str
    age: int


async def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"12 degrees in {city}"


def client(**more):
    return OpenAIChatCompletionClient(model="gpt-4o-mini", base_url=os.environ["OPENAI_BASE_URL"], **more)


def user(text):
    return UserMessage(content=text, source="user")


@case("plain", "create")
async def _():
    has((await client().create([SystemMessage(content="You are a pirate."), user("hello")])).content, "Arr!")


@case("stream", "create_stream")
async def _():
    pieces = [piece async for piece in client().create_stream([user("hello there")])]
    has("".join(piece for piece in pieces if isinstance(piece, str)), "hello there")


@case("turns", "three turns, of the client and of an agent that remembers")
async def _():
    model = client()
    history = [user("My name is Alice.")]
    for question in ("And then?", "What is my name?"):
        answer = await model.create(history)
        history += [AssistantMessage(content=answer.content, source="assistant"), user(question)]
    same((await model.create(history)).content, "Your name is Alice.")
    agent = AssistantAgent("assistant", model_client=model, tools=[get_weather], reflect_on_tool_use=True)
    result = await agent.run(task="My name is Alice. What is the weather in Rome?")
    has(result.messages[-1].content, "12 degrees in Rome")
    same((await agent.run(task="What is my name?")).messages[-1].content, "Your name is Alice.")


@case("tools", "an agent with parallel calls, streamed and not")
async def _():
    for stream in (False, True):
        agent = AssistantAgent(
            "assistant", model_client=client(), tools=[get_weather], reflect_on_tool_use=True, model_client_stream=stream
        )
        result = await agent.run(task="What is the weather in Paris and Rome?")
        has(result.messages[-1].content, "12 degrees in Paris / 12 degrees in Rome")


@case("structured", "json_output with a pydantic model, and output_content_type of an agent")
async def _():
    answer = await client().create([user("Who?")], json_output=Person)
    same(Person.model_validate_json(answer.content), Person(name="Ada", age=36))
    agent = AssistantAgent("assistant", model_client=client(), output_content_type=Person)
    same((await agent.run(task="Who?")).messages[-1].content, Person(name="Ada", age=36))


@case("documents", "vector_store_ids by extra_create_args, and a second turn")
async def _():
    model, more = client(), {"extra_body": {"vector_store_ids": [STORE]}}
    asked = user("How many steps does the lighthouse tower have?")
    first = await model.create([asked], extra_create_args=more)
    has(first.content, "142")
    history = [asked, AssistantMessage(content=first.content, source="assistant"), user("When was its lamp first lit?")]
    assert (await model.create(history, extra_create_args=more)).content


@case("tuning", "parallel_tool_calls, penalties, seed, user")
async def _():
    model = client(parallel_tool_calls=False, frequency_penalty=0.1, presence_penalty=0.1, seed=1, user="u-1")
    has((await model.create([user("hello")])).content, "hello")


run("autogen-agentchat", "autogen-ext", "openai")
