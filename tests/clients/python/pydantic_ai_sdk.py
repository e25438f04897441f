"""pydantic-ai with both of its models for OpenAI."""

from pydantic import BaseModel
from pydantic_ai import Agent, NativeOutput
from pydantic_ai.messages import ModelMessagesTypeAdapter
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel, OpenAIResponsesModelSettings

from report import STORE, case, has, run, same

MODELS = (OpenAIChatModel("gpt-4o-mini"), OpenAIResponsesModel("gpt-4o-mini"))


class Person(BaseModel):
    name: str
    age: int


def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"12 degrees in {city}"


@case("plain", "Agent.run, both models")
async def _():
    for model in MODELS:
        has((await Agent(model, instructions="You are a pirate.").run("hello")).output, "Arr!")


@case("stream", "run_stream")
async def _():
    for model in MODELS:
        async with Agent(model).run_stream("hello there") as result:
            pieces = [piece async for piece in result.stream_text(delta=True)]
        has("".join(pieces), "hello there")


@case("turns", "three turns with message_history, tool calls among them")
async def _():
    for model in MODELS:
        agent = Agent(model, tools=[get_weather])
        result = await agent.run("My name is Alice. What is the weather in Rome?")
        for question in ("And then?", "What is my name?"):
            result = await agent.run(question, message_history=result.all_messages())
        same(result.output, "Your name is Alice.")


@case("turns", "a turn after a reasoned answer, its history through JSON")
async def _():
    for model in MODELS:
        agent = Agent(model)
        first = await agent.run("Think first. My name is Alice.")
        history = ModelMessagesTypeAdapter.validate_json(first.all_messages_json())
        same((await agent.run("What is my name?", message_history=history)).output, "Your name is Alice.")


@case("turns", "openai_previous_response_id")
async def _():
    agent = Agent(MODELS[1])
    first = await agent.run("My name is Alice.")
    settings = OpenAIResponsesModelSettings(openai_previous_response_id=first.all_messages()[-1].provider_response_id)
    same((await agent.run("What is my name?", model_settings=settings)).output, "Your name is Alice.")


@case("tools", "parallel calls, streamed and not")
async def _():
    for model in MODELS:
        agent = Agent(model, tools=[get_weather])
        question = "What is the weather in Paris and Rome?"
        has((await agent.run(question)).output, "12 degrees in Paris / 12 degrees in Rome")
        async with agent.run_stream(question) as result:
            has(await result.get_output(), "12 degrees in Paris / 12 degrees in Rome")


@case("structured", "output_type by a tool and by the model's own JSON schema, with a tool before it")
async def _():
    for model in MODELS:
        same((await Agent(model, output_type=Person).run("Who?")).output, Person(name="Ada", age=36))
        same((await Agent(model, output_type=NativeOutput(Person)).run("Who?")).output, Person(name="Ada", age=36))
        agent = Agent(model, output_type=Person, tools=[get_weather])
        same((await agent.run("What is the weather in Rome?")).output, Person(name="Ada", age=36))


@case("documents", "vector_store_ids in chat completions by extra_body, and a second turn")
async def _():
    agent = Agent(MODELS[0], model_settings={"extra_body": {"vector_store_ids": [STORE]}})
    first = await agent.run("How many steps does the lighthouse tower have?")
    has(first.output, "142")
    assert (await agent.run("When was its lamp first lit?", message_history=first.all_messages())).output


@case("tuning", "openai_reasoning_effort, openai_user, penalties, parallel_tool_calls")
async def _():
    for model in MODELS:
        settings = OpenAIResponsesModelSettings(
            openai_reasoning_effort="low",
            openai_user="u-1",
            openai_service_tier="auto",
            frequency_penalty=0.1,
            presence_penalty=0.1,
            parallel_tool_calls=False,
            seed=1,
        )
        agent = Agent(model, tools=[get_weather], model_settings=settings)
        has((await agent.run("What is the weather in Rome?")).output, "12 degrees in Rome")


run("pydantic-ai-slim", "openai")
