"""LangChain's ChatOpenAI through both APIs, its agent, and its embeddings with default settings."""

from langchain.agents import create_agent
from langchain_core.messages import HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from pydantic import BaseModel

from report import STORE, case, has, run, same

MODEL = "gpt-4o-mini"
ASKED = "How many steps does the lighthouse tower have?"
SEARCH = {"type": "file_search", "vector_store_ids": [STORE]}


class Person(BaseModel):
    """A person."""

    name: str
    age: int


@tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"12 degrees in {city}"


def models(**more):
    """Chat completions, and the Responses API in both of its output formats."""
    return (
        ChatOpenAI(model=MODEL, **more),
        ChatOpenAI(model=MODEL, use_responses_api=True, **more),
        ChatOpenAI(model=MODEL, use_responses_api=True, output_version="responses/v1", **more),
    )


@case("plain", "invoke and ainvoke, both APIs")
async def _():
    for llm in models(temperature=0):
        has(llm.invoke([SystemMessage("You are a pirate."), HumanMessage("hello")]).text, "Arr!")
        has((await llm.ainvoke("hello")).text, "hello")


@case("stream", "stream, with usage")
def _():
    for llm in models(stream_usage=True):
        chunks = list(llm.stream("hello there"))
        whole = chunks[0]
        for chunk in chunks[1:]:
            whole = whole + chunk
        has(whole.text, "hello there")
        assert whole.usage_metadata["total_tokens"] > 0


@case("turns", "three turns with the messages it returned")
def _():
    for llm in models():
        history = [HumanMessage("My name is Alice.")]
        for question in ("And then?", "What is my name?"):
            history += [llm.invoke(history), HumanMessage(question)]
        same(llm.invoke(history).text, "Your name is Alice.")


@case("turns", "a turn after a reasoned answer")
def _():
    for llm in models():
        history = [HumanMessage("Think first. My name is Alice.")]
        history += [llm.invoke(history), HumanMessage("What is my name?")]
        same(llm.invoke(history).text, "Your name is Alice.")


@case("turns", "use_previous_response_id")
def _():
    llm = ChatOpenAI(model=MODEL, use_responses_api=True, use_previous_response_id=True)
    history = [HumanMessage("My name is Alice.")]
    history += [llm.invoke(history), HumanMessage("What is my name?")]
    same(llm.invoke(history).text, "Your name is Alice.")


@case("tools", "bind_tools, parallel calls, ToolMessage, and a turn after them")
def _():
    for llm in models():
        bound = llm.bind_tools([get_weather], strict=True)
        history = [HumanMessage("My name is Alice. What is the weather in Paris and Rome?")]
        first = bound.invoke(history)
        same([call["args"]["city"] for call in first.tool_calls], ["Paris", "Rome"])
        history.append(first)
        history += [get_weather.invoke(call) for call in first.tool_calls]
        assert all(isinstance(message, ToolMessage) for message in history[2:])
        second = bound.invoke(history)
        has(second.text, "12 degrees in Paris / 12 degrees in Rome")
        history += [second, HumanMessage("What is my name?")]
        same(bound.invoke(history).text, "Your name is Alice.")


@case("tools", "bind_tools with parallel_tool_calls=False and a tool_choice")
def _():
    for llm in models():
        bound = llm.bind_tools([get_weather], parallel_tool_calls=False, tool_choice="get_weather")
        same(bound.invoke("Paris, please.").tool_calls[0]["args"], {"city": "Paris"})


@case("tools", "create_agent over two turns")
def _():
    for llm in models():
        agent = create_agent(llm, tools=[get_weather], system_prompt="Be brief.")
        state = agent.invoke({"messages": [HumanMessage("My name is Alice. What is the weather in Rome?")]})
        has(state["messages"][-1].text, "12 degrees in Rome")
        state = agent.invoke({"messages": [*state["messages"], HumanMessage("What is my name?")]})
        same(state["messages"][-1].text, "Your name is Alice.")


@case("structured", "with_structured_output by json_schema, function_calling and json_mode")
def _():
    for llm in models():
        for method in ("json_schema", "function_calling"):
            same(llm.with_structured_output(Person, method=method).invoke("Who?"), Person(name="Ada", age=36))
    answer = ChatOpenAI(model=MODEL).with_structured_output(None, method="json_mode").invoke("Some JSON, please.")
    same(answer["city"], "Paris")


@case("documents", "file_search, streamed and not, with annotations, and a second turn")
def _():
    llm = ChatOpenAI(model=MODEL, use_responses_api=True, output_version="responses/v1").bind_tools([SEARCH])
    first = llm.invoke(ASKED)
    has(first.text, "142")
    assert any(block.get("annotations") for block in first.content)
    second = llm.invoke([HumanMessage(ASKED), first, HumanMessage("When was its lamp first lit?")])
    assert second.text
    has("".join(chunk.text for chunk in llm.stream(ASKED)), "142")


@case("documents", "vector_store_ids in chat completions by extra_body")
def _():
    llm = ChatOpenAI(model=MODEL, extra_body={"vector_store_ids": [STORE]})
    first = llm.invoke(ASKED)
    has(first.text, "142")
    assert llm.invoke([HumanMessage(ASKED), first, HumanMessage("When was its lamp first lit?")]).text


@case("tuning", "reasoning_effort, service_tier, verbosity, both APIs")
def _():
    for llm in models(reasoning_effort="low", service_tier="auto", verbosity="low"):
        has(llm.invoke("hello").text, "hello")


@case("tuning", "reasoning with a summary and encrypted content")
def _():
    llm = ChatOpenAI(
        model=MODEL,
        use_responses_api=True,
        reasoning={"effort": "low", "summary": "auto"},
        include=["reasoning.encrypted_content"],
        store=False,
    )
    has(llm.invoke("hello").text, "hello")


@case("embeddings", "OpenAIEmbeddings with default settings, which send arrays of tokens")
def _():
    tokens = OpenAIEmbeddings(model="text-embedding-3-small")
    words = OpenAIEmbeddings(model="text-embedding-3-small", check_embedding_ctx_length=False)
    text = "The tower of the lighthouse."
    assert abs(tokens.embed_query(text)[0] - words.embed_query(text)[0]) < 1e-5
    same(len(tokens.embed_documents(["a dog", "a cat"])), 2)


run("langchain", "langchain-openai", "openai")
