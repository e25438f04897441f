"""First light through the official Python client: URL KEY PDF … → one line of JSON."""

import json
import sys

from openai import OpenAI

url, key, *papers = sys.argv[1:]
client = OpenAI(base_url=f"{url}/v1", api_key=key)
store = client.vector_stores.create(name="first light, Python")
files = [open(paper, "rb") for paper in papers]
batch = client.vector_stores.file_batches.upload_and_poll(vector_store_id=store.id, files=files)

pieces: list[str] = []
with client.responses.stream(
    model="default",
    input="How many steps does the lighthouse tower have?",
    tools=[{"type": "file_search", "vector_store_ids": [store.id]}],
) as stream:
    for event in stream:
        if event.type == "response.output_text.delta":
            pieces.append(event.delta)
    response = stream.get_final_response()

annotations = [
    annotation
    for item in response.output
    if item.type == "message"
    for part in item.content
    for annotation in part.annotations
]
print(
    json.dumps(
        {
            "status": batch.status,
            "answer": response.output_text,
            "streamed": "".join(pieces) == response.output_text,
            "cited": any(annotation.type == "file_citation" for annotation in annotations),
        }
    )
)
