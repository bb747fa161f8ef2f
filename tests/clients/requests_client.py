"""Uploads with requests: requests_client.py form|body|chunked URL FILE NAME, prints the job."""
import sys

import requests

way, url, path, name = sys.argv[1:]
with requests.Session() as session, open(path, "rb") as file:
    if way == "form":
        answer = session.post(url + "/v1/jobs", files={"file": (name, file)})
    elif way == "body":
        answer = session.post(url + "/v1/jobs", data=file, params={"filename": name},
                              headers={"Content-Type": "image/x-portable-pixmap"})
    else:
        pieces = iter(lambda: file.read(10_000), b"")
        answer = session.post(url + "/v1/jobs", data=pieces, params={"filename": name},
                              headers={"Content-Type": "image/x-portable-pixmap"})
    answer.raise_for_status()
    job = answer.json()
    original = session.get(url + job["original"]["url"])
    original.raise_for_status()
    sys.stdout.buffer.write(answer.content)
    with open(path + ".back", "wb") as back:
        back.write(original.content)
