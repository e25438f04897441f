"""smolagents: its model for OpenAI-compatible servers, and an agent that calls tools."""

import os

from smolagents import OpenAIModel, ToolCallingAgent, tool

from report import STORE, case, has, run, same

MODEL = OpenAIModel(
    model_id="gpt-4o-mini", api_base=os.environ["OPENAI_BASE_URL"], api_key=os.environ["OPENAI_API_KEY"]
)
SCHEMA = {
    "type": "json_schema",
    "json_schema": {
        "name": "person",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
            "required": ["name", "age"],
            "additionalProperties": False,
        },
    },
}


@tool
def get_weather(city: str) -> str:
    """The weather of a city.

    Args:
        city: the city
    """
    return f"12 degrees in {city}"


def message(role, text):
    return {"role": role, "content": [{"type": "text", "text": text}]}


@case("plain", "generate")
def _():
    has(MODEL.generate([message("system", "You are a pirate."), message("user", "hello")]).content, "Arr!")


@case("stream", "generate_stream")
def _():
    deltas = MODEL.generate_stream([message("user", "hello there")])
    has("".join(delta.content or "" for delta in deltas), "hello there")


@case("turns", "three turns with the messages it returned")
def _():
    history = [message("user", "My name is Alice.")]
    for question in ("And then?", "What is my name?"):
        history += [MODEL.generate(history), message("user", question)]
    same(MODEL.generate(history).content, "Your name is Alice.")


@case("tools", "ToolCallingAgent, streamed and not, and a second task with its memory")
def _():
    for stream in (False, True):
        agent = ToolCallingAgent(tools=[get_weather], model=MODEL, stream_outputs=stream, max_steps=4, verbosity_level=0)
        assert agent.run("What is the weather in Rome?")
        observed = [step.observations for step in agent.memory.steps if getattr(step, "observations", None)]
        has(" ".join(observed), "12 degrees in Rome")
        assert agent.run("What is the weather in Paris?", reset=False)


@case("documents", "vector_store_ids by extra_body, and a second turn")
def _():
    more = {"extra_body": {"vector_store_ids": [STORE]}}
    asked = message("user", "How many steps does the lighthouse tower have?")
    first = MODEL.generate([asked], **more)
    has(first.content, "142")
    assert MODEL.generate([asked, first, message("user", "When was its lamp first lit?")], **more).content


@case("structured", "response_format")
def _():
    has(MODEL.generate([message("user", "Who?")], response_format=SCHEMA).content, "Ada")


run("smolagents", "openai")
