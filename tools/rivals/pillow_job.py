"""The default preset by Pillow: pillow_job.py IMAGE RUNS prints {"version": ..., "cpu_ms": [...]}.

Decodes once; resized and thumbnail by Lanczos (the thumbnail from the resized picture), transparent
pixels laid on white. The gap of 2 is that of Image.thumbnail: reduced by whole numbers first, which
is faster. Draft mode is of no use where the full size is needed too. CPU time of the process, without starting Python; the first run is thrown away.
"""
import io
import json
import sys
import time

import PIL
from PIL import Image, ImageOps


def on_white(image):
    if image.mode in ("RGB", "L"):
        return image
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    image = image.convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    white.alpha_composite(image)
    return white.convert("RGB")


def encode(image, quality):
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def upright(image):
    # Pillow copies a picture that is upright already, which a careful caller avoids.
    return image if image.getexif().get(0x0112, 1) == 1 else ImageOps.exif_transpose(image)


def smaller(image, box):
    scale = min(box / image.width, box / image.height)
    if scale >= 1:
        return image
    size = max(round(image.width * scale), 1), max(round(image.height * scale), 1)
    return image.resize(size, Image.LANCZOS, reducing_gap=2.0)


def job(data):
    image = on_white(upright(Image.open(io.BytesIO(data))))
    resized = smaller(image, 1024)
    encode(resized, 82)
    encode(image, 60)
    encode(smaller(resized, 300), 80)


def main():
    with open(sys.argv[1], "rb") as file:
        data = file.read()
    job(data)
    times = []
    for _ in range(int(sys.argv[2])):
        start = time.process_time()
        job(data)
        times.append((time.process_time() - start) * 1000)
    print(json.dumps({"version": PIL.__version__, "cpu_ms": times}))


main()
