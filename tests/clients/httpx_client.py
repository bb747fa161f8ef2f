"""Uploads with httpx: httpx_client.py form|async|chunked URL FILE NAME, prints the job."""
import asyncio
import sys

import httpx

way, url, path, name = sys.argv[1:]
with open(path, "rb") as file:
    content = file.read()


async def pieces():
    for start in range(0, len(content), 10_000):
        yield content[start:start + 10_000]


async def with_async_client():
    async with httpx.AsyncClient(timeout=30) as client:
        if way == "async":
            answer = await client.post(url + "/v1/jobs", files={"file": (name, content)})
        else:
            answer = await client.post(url + "/v1/jobs", content=pieces(), params={"filename": name},
                                       headers={"Content-Type": "image/x-portable-pixmap"})
        answer.raise_for_status()
        return answer, await client.get(url + answer.json()["original"]["url"])


if way == "form":
    with httpx.Client(timeout=30) as client:
        answer = client.post(url + "/v1/jobs", files={"file": (name, content)})
        answer.raise_for_status()
        original = client.get(url + answer.json()["original"]["url"])
else:
    answer, original = asyncio.run(with_async_client())
original.raise_for_status()
sys.stdout.buffer.write(answer.content)
with open(path + ".back", "wb") as back:
    back.write(original.content)
