"""The OpenAI Agents SDK with both of its models: tools, hand-offs, sessions, file search."""

from agents import (
    Agent,
    AsyncOpenAI,
    FileSearchTool,
    ModelSettings,
    OpenAIChatCompletionsModel,
    OpenAIResponsesModel,
    Runner,
    SQLiteSession,
    function_tool,
)
from openai.types.shared import Reasoning
from pydantic import BaseModel

from report import STORE, case, has, run, same

CLIENT = AsyncOpenAI()
MODELS = (
    OpenAIResponsesModel(model="gpt-4o-mini", openai_client=CLIENT),
    OpenAIChatCompletionsModel(model="gpt-4o-mini", openai_client=CLIENT),
)
ASKED = "How many steps does the lighthouse tower have?"


class Person(BaseModel):
    name: str
    age: int


@function_tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"12 degrees in {city}"


@case("plain", "Runner.run, both models")
async def _():
    for model in MODELS:
        agent = Agent(name="A", instructions="You are a pirate.", model=model)
        has((await Runner.run(agent, "hello")).final_output, "Arr!")


@case("stream", "Runner.run_streamed")
async def _():
    for model in MODELS:
        result = Runner.run_streamed(Agent(name="A", model=model), "hello there")
        kinds = [event.type async for event in result.stream_events()]
        has(result.final_output, "hello there")
        assert kinds.count("raw_response_event") > 3


@case("turns", "three turns with to_input_list, tool calls among them")
async def _():
    for model in MODELS:
        agent = Agent(name="A", model=model, tools=[get_weather])
        result = await Runner.run(agent, "My name is Alice. What is the weather in Rome?")
        for question in ("And then?", "What is my name?"):
            result = await Runner.run(agent, [*result.to_input_list(), {"role": "user", "content": question}])
        same(result.final_output, "Your name is Alice.")


@case("turns", "a turn after a reasoned answer")
async def _():
    for model in MODELS:
        agent = Agent(name="A", model=model)
        first = await Runner.run(agent, "Think first. My name is Alice.")
        second = [*first.to_input_list(), {"role": "user", "content": "What is my name?"}]
        same((await Runner.run(agent, second)).final_output, "Your name is Alice.")


@case("turns", "SQLiteSession, and previous_response_id")
async def _():
    for model in MODELS:
        agent = Agent(name="A", model=model, tools=[get_weather])
        session = SQLiteSession("one")
        await Runner.run(agent, "My name is Alice. What is the weather in Rome?", session=session)
        same((await Runner.run(agent, "What is my name?", session=session)).final_output, "Your name is Alice.")
    agent = Agent(name="A", model=MODELS[0], tools=[get_weather])
    first = await Runner.run(agent, "My name is Alice. What is the weather in Rome?")
    second = await Runner.run(agent, "What is my name?", previous_response_id=first.last_response_id)
    same(second.final_output, "Your name is Alice.")


@case("tools", "parallel calls, streamed and not, and a hand-off")
async def _():
    for model in MODELS:
        agent = Agent(name="A", model=model, tools=[get_weather])
        question = "What is the weather in Paris and Rome?"
        has((await Runner.run(agent, question)).final_output, "12 degrees in Paris / 12 degrees in Rome")
        streamed = Runner.run_streamed(agent, question)
        async for _event in streamed.stream_events():
            pass
        has(streamed.final_output, "12 degrees in Paris / 12 degrees in Rome")
        specialist = Agent(name="Specialist", instructions="You are a pirate.", model=model)
        triage = Agent(name="Triage", model=model, handoffs=[specialist])
        result = await Runner.run(triage, "To the specialist, please.")
        same(result.last_agent.name, "Specialist")


@case("structured", "output_type")
async def _():
    for model in MODELS:
        agent = Agent(name="A", model=model, output_type=Person)
        same((await Runner.run(agent, "Who?")).final_output, Person(name="Ada", age=36))


@case("documents", "FileSearchTool with results, and a second turn")
async def _():
    search = FileSearchTool(vector_store_ids=[STORE], max_num_results=3, include_search_results=True)
    agent = Agent(name="A", model=MODELS[0], tools=[search])
    first = await Runner.run(agent, ASKED)
    has(first.final_output, "142")
    second = [*first.to_input_list(), {"role": "user", "content": "When was its lamp first lit?"}]
    assert (await Runner.run(agent, second)).final_output


@case("documents", "vector_store_ids in chat completions by extra_body")
async def _():
    agent = Agent(name="A", model=MODELS[1], model_settings=ModelSettings(extra_body={"vector_store_ids": [STORE]}))
    first = await Runner.run(agent, ASKED)
    has(first.final_output, "142")
    second = [*first.to_input_list(), {"role": "user", "content": "When was its lamp first lit?"}]
    assert (await Runner.run(agent, second)).final_output


@case("tuning", "ModelSettings: reasoning, verbosity, penalties, store, metadata, parallel_tool_calls")
async def _():
    settings = ModelSettings(
        reasoning=Reasoning(effort="low", summary="auto"),
        verbosity="low",
        frequency_penalty=0.1,
        presence_penalty=0.1,
        parallel_tool_calls=False,
        store=False,
        metadata={"origin": "test"},
        truncation="auto",
        response_include=["reasoning.encrypted_content"],
    )
    for model in MODELS:
        agent = Agent(name="A", model=model, tools=[get_weather], model_settings=settings)
        has((await Runner.run(agent, "What is the weather in Rome?")).final_output, "12 degrees in Rome")


run("openai-agents", "openai")
