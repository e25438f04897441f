"""LlamaIndex: OpenAI, OpenAIResponses and OpenAILike, its agent, and its embeddings."""

from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.llms import ChatMessage
from llama_index.core.memory import Memory
from llama_index.core.prompts import PromptTemplate
from llama_index.core.tools import FunctionTool
from llama_index.embeddings.openai import OpenAIEmbedding
from llama_index.llms.openai import OpenAI, OpenAIResponses
from llama_index.llms.openai_like import OpenAILike
from pydantic import BaseModel

from report import STORE, case, has, run, same

MODEL = "gpt-4o-mini"
ASKED = "How many steps does the lighthouse tower have?"
NAME = "My name is Alice. What is the weather in Rome?"


class Person(BaseModel):
    """A person."""

    name: str
    age: int


def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"12 degrees in {city}"


TOOL = FunctionTool.from_defaults(get_weather)


def models():
    return (
        OpenAI(model=MODEL),
        OpenAIResponses(model=MODEL),
        OpenAILike(model="default", is_chat_model=True, is_function_calling_model=True),
    )


def user(text):
    return ChatMessage(role="user", content=text)


@case("plain", "chat and complete with each of the three classes")
def _():
    for llm in models():
        has(llm.chat([ChatMessage(role="system", content="You are a pirate."), user("hello")]).message.content, "Arr!")
        has(llm.complete("hello").text, "hello")


@case("stream", "stream_chat")
def _():
    for llm in models():
        has("".join(piece.delta or "" for piece in llm.stream_chat([user("hello there")])), "hello there")


@case("turns", "three turns with the messages it returned")
def _():
    for llm in models():
        history = [user("My name is Alice.")]
        for question in ("And then?", "What is my name?"):
            history += [llm.chat(history).message, user(question)]
        same(llm.chat(history).message.content, "Your name is Alice.")


@case("turns", "a turn after a reasoned answer")
def _():
    for llm in models():
        history = [user("Think first. My name is Alice.")]
        history += [llm.chat(history).message, user("What is my name?")]
        same(llm.chat(history).message.content, "Your name is Alice.")


@case("turns", "track_previous_responses")
def _():
    llm = OpenAIResponses(model=MODEL, track_previous_responses=True)
    llm.chat([user("My name is Alice.")])
    same(llm.chat([user("What is my name?")]).message.content, "Your name is Alice.")


@case("tools", "predict_and_call, and an agent with a second turn")
async def _():
    for llm in models():
        has(str(llm.predict_and_call([TOOL], "What is the weather in Paris?")), "12 degrees in Paris")
        agent = FunctionAgent(tools=[TOOL], llm=llm, system_prompt="Be brief.")
        memory = Memory.from_defaults(session_id="one")
        has(str(await agent.run(NAME, memory=memory)), "12 degrees in Rome")
        same(str(await agent.run("What is my name?", memory=memory)), "Your name is Alice.")


@case("structured", "structured_predict")
def _():
    for llm in models():
        same(llm.structured_predict(Person, PromptTemplate("Who?")), Person(name="Ada", age=36))


@case("documents", "built_in_tools with file_search, and a second turn")
def _():
    llm = OpenAIResponses(model=MODEL, built_in_tools=[{"type": "file_search", "vector_store_ids": [STORE]}])
    first = llm.chat([user(ASKED)]).message
    has(first.content, "142")
    assert llm.chat([user(ASKED), first, user("When was its lamp first lit?")]).message.content


@case("documents", "vector_store_ids in chat completions by additional_kwargs")
def _():
    llm = OpenAI(model=MODEL, additional_kwargs={"extra_body": {"vector_store_ids": [STORE]}})
    first = llm.chat([user(ASKED)]).message
    has(first.content, "142")
    assert llm.chat([user(ASKED), first, user("When was its lamp first lit?")]).message.content


@case("tuning", "reasoning_options and user")
def _():
    llm = OpenAIResponses(model=MODEL, reasoning_options={"effort": "low"}, user="u-1", truncation="auto")
    has(llm.chat([user("hello")]).message.content, "hello")


@case("embeddings", "OpenAIEmbedding of a query and of a batch")
def _():
    embed = OpenAIEmbedding(model="text-embedding-3-small")
    same(len(embed.get_query_embedding("a dog")), 384)
    same([len(each) for each in embed.get_text_embedding_batch(["a dog", "a cat"])], [384, 384])


run("llama-index-core", "llama-index-llms-openai", "llama-index-llms-openai-like", "llama-index-embeddings-openai", "openai")
