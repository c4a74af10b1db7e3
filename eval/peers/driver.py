"""Runs one recipe in an environment that has only its library: `python -P driver.py RECIPE JOB`.

Started as a file by the interpreter of the peer's own environment, so it imports the standard
library alone. RECIPE is a file with `pipeline(job)`, which gives a function from a question to

    text      the answer
    passages  the passages that the pipeline gives with it: "mark" (as it numbers them), "text",
              and "date" where the pipeline itself hands on the article's
    whole     the marks that the pipeline gives for all of the answer; those within `text` are its
              own affair

JOB is a JSON file with `articles` (doc, title, text, date, source), `questions` (id, question),
`llm` (a GGUF file), `embedder` (a sentence-transformers folder), `threads` and `context` (tokens).
Each answer is one JSON line on the standard output with `id`, `question` and `seconds` besides.
Whatever the library prints goes to the standard error. The process ends when its standard input
does, which its parent holds: also one that was killed leaves nothing running.
"""

import json
import os
import runpy
import sys
import threading
import time


def _main(recipe: str, job_file: str) -> None:
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # llama.cpp and others write there from C, too
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with open(job_file, encoding="utf-8") as stream:
        job = json.load(stream)
    answer = runpy.run_path(recipe)["pipeline"](job)
    for row in job["questions"]:
        began = time.monotonic()
        said = answer(row["question"])
        seconds = round(time.monotonic() - began, 3)
        line = {"id": row["id"], "question": row["question"], **said, "seconds": seconds}
        lines.write(json.dumps(line) + "\n")
        lines.flush()
    os._exit(0)  # all is written; no library may hang or fail while it is taken down


def _end_with_parent() -> None:
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2])
