"""The page itself, of Gradio's parts: what stands where, and which event calls what.

The one home of gradio, which is imported when a page is made. Whatever it is given to show as
HTML comes from render.py, everything else as plain text.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from rag.chat import render, session, talk
from rag.chat.feedback import Verdict, keep_feedback
from rag.chat.job import Job
from rag.chat.parts import Parts
from rag.chat.room import Room, Wish
from rag.chat.session import Shown
from rag.errors import InputError, RagError
from rag.server.app import bare_app

_HERE = Path(__file__).parent
_LARGEST_FILE = "200mb"
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def make_app(room: Room) -> Any:
    """The page as an ASGI app."""
    import gradio

    return gradio.mount_gradio_app(
        bare_app(), Page(room).blocks, path="/", server_name="127.0.0.1",
        footer_links=[], run_history=False, show_error=False, max_file_size=_LARGEST_FILE,
        ssr_mode=False, enable_monitoring=False, pwa=False, mcp_server=False,
        theme=_theme(gradio), css=(_HERE / "style.css").read_text("utf-8"),
        head=f"<script>{(_HERE / 'page.js').read_text('utf-8')}</script>",
    )  # fmt: skip


class Page:
    """The page for one room: the parts and what happens with them."""

    def __init__(self, room: Room) -> None:
        """Makes the page's parts; `blocks` is the whole."""
        import gradio

        self._gr = gradio
        self._room = room
        self._jobs: dict[str, Job] = {}  # by browser session
        with gradio.Blocks(title="Ask your articles", analytics_enabled=False) as self.blocks:
            self._parts = Parts(gradio, room.models())
            self._wire()
        self.blocks.queue(default_concurrency_limit=None, api_open=False)

    def _wire(self) -> None:
        p = self._parts
        shown = [
            p.chat, p.evidence, p.earlier, p.kept, p.status, p.question,
            p.asked, p.asked_row, p.examples_row, p.send, p.stop,
        ]  # fmt: skip
        asking: dict[str, Any] = {"outputs": shown, "concurrency_limit": None, **_QUIET}
        rest = [p.kept, *p.controls]
        ask, halt = self._asker(False), self._halter()
        for event in (p.question.submit, p.send.click):
            event(ask, [p.question, *rest], **asking)
        for event in (p.asked.submit, p.ask_asked.click):
            event(self._asker(True), [p.asked, *rest], **asking)
        for button in p.examples:
            button.click(ask, [button, *rest], **asking)
        p.stop.click(halt, None, None, queue=False, **_QUIET)
        for event in (p.anew.click, p.chat.clear):
            event(self._begin_anew, None, shown, queue=False, **_QUIET)
        held = [p.heading, p.source, *p.examples]
        self.blocks.load(self._tell_held, None, held, queue=False, **_QUIET)
        self.blocks.load(self._restore, [p.kept], shown, queue=False, **_QUIET)
        self.blocks.unload(halt)
        p.model.change(
            self._use_model, [p.model], [p.thanks], show_progress="minimal",
            api_visibility="private",
        )  # fmt: skip
        p.files.upload(
            self._add, [p.files], [p.report, p.files, *held],
            concurrency_limit=1, show_progress="minimal", api_visibility="private",
        )  # fmt: skip
        self._wire_keeping()

    def _wire_keeping(self) -> None:
        p = self._parts
        for button, export, name in (
            (p.save_markdown, session.export_markdown, "conversation.md"),
            (p.save_json, session.export_json, "conversation.json"),
        ):
            button.click(_exporter(export), [p.kept], [p.export], queue=False, **_QUIET).then(
                None, [p.export], None, js=f"(text) => ragPage.save('{name}', text)"
            )
        p.chat.like(self._judger(), [p.kept], [p.thanks], queue=False, **_QUIET)
        for event in (p.send_comment.click, p.comment.submit):
            event(
                self._remark, [p.comment, p.kept], [p.thanks, p.comment],
                queue=False, **_QUIET,
            )  # fmt: skip

    def _asker(self, in_full: bool) -> "Callable[..., AsyncIterator[dict[Any, Any]]]":
        """What happens when a question is sent; `in_full`: it needs none of those before it."""
        import gradio

        # In the order of what is handed in: text, conversation, and the controls of a Wish.
        async def ask(
            request: gradio.Request, text: str, kept: object, *controls: str
        ) -> AsyncIterator[dict[Any, Any]]:
            wish = Wish(text or "", *controls)
            turns = session.from_browser(kept)
            async for shown in self._answer(wish, turns, in_full, str(request.session_hash)):
                yield shown

        return ask

    async def _answer(
        self, wish: Wish, history: tuple[Shown, ...], in_full: bool, visitor: str
    ) -> AsyncIterator[dict[Any, Any]]:
        """The page's changes from a question to its answer."""
        gr, p, texts = self._gr, self._parts, self._room.text
        history = history[-(session.MOST_TURNS - 1) :]  # so that no number changes with this one
        turn, before = len(history) + 1, self._messages(history)
        turns = () if in_full else session.turns_of(history)
        job = Job(lambda deliver: self._room.ask(wish, turns, deliver))
        if other := self._jobs.get(visitor):
            other.stop()
        self._jobs[visitor] = job
        changes: dict[Any, Any] = {
            p.earlier: talk.earlier_evidence(history, texts),
            p.question: "",
            p.asked_row: gr.Row(visible=False),
            p.examples_row: gr.Row(visible=False),
            **self._running(True),
        }
        last = talk.View("", "", "")
        async for view in talk.follow(turn, job, texts):
            # What has not changed is not sent: drawing it again takes time from the model.
            if view.message != last.message:
                changes[p.chat] = [*before, *self._pair(wish.text, view.message)]
            if view.evidence != last.evidence:
                changes[p.evidence] = view.evidence
            if view.status != last.status:
                changes[p.status] = render.render_status(view.status)
            last = view
            if view.shown:
                changes |= self._asked_changes(view.shown)
                changes[p.kept] = session.to_browser([*history, view.shown])
            if changes:
                yield changes
            changes = {}
        if self._jobs.get(visitor) is job:
            del self._jobs[visitor]
            yield self._running(False)

    def _running(self, running: bool) -> dict[Any, Any]:
        gr, p = self._gr, self._parts
        return {
            p.send: gr.Button(visible=not running),
            p.stop: gr.Button(visible=running),
        }

    def _asked_changes(self, shown: Shown) -> dict[Any, Any]:
        """The full question to be edited, where it is not what was typed."""
        p = self._parts
        rewritten = shown.answer["as_typed"] is not None
        return {
            p.asked: shown.answer["question"],
            p.asked_row: self._gr.Row(visible=rewritten),
        }

    def _messages(self, history: Sequence[Shown]) -> list[dict[str, Any]]:
        return [
            message
            for turn, shown in enumerate(history, 1)
            for message in self._pair(shown.typed, render.render_answer(turn, shown))
        ]

    def _pair(self, typed: str, answer: str) -> list[dict[str, Any]]:
        """A question and its answer in the conversation."""
        return [
            {"role": "user", "content": self._gr.HTML(render.render_typed(typed.strip()))},
            {"role": "assistant", "content": self._gr.HTML(answer)},
        ]

    def _restore(self, kept: object) -> dict[Any, Any]:
        """The conversation as the browser kept it."""
        p = self._parts
        history = session.from_browser(kept)
        if not history:
            return self._begin_anew()
        *earlier, last = history
        turn, texts = len(history), self._room.text
        return {
            p.chat: self._messages(history),
            p.evidence: talk.finished(turn, last, texts).evidence,
            p.earlier: talk.earlier_evidence(earlier, texts),
            p.examples_row: self._gr.Row(visible=False),
            **self._asked_changes(last),
        }

    def _begin_anew(self) -> dict[Any, Any]:
        gr, p = self._gr, self._parts
        return {
            p.chat: [], p.evidence: render.render_empty(), p.earlier: "", p.kept: [],
            p.asked_row: gr.Row(visible=False), p.examples_row: gr.Row(visible=True),
        }  # fmt: skip

    def _halter(self) -> Callable[..., None]:
        """What happens when a visitor stops an answer, or leaves."""
        import gradio

        def halt(request: gradio.Request) -> None:
            if job := self._jobs.get(str(request.session_hash)):
                job.stop()

        return halt

    def _add(self, files: Sequence[str] | None) -> dict[Any, Any]:
        """Puts files into the store and tells what became of them."""
        p = self._parts
        try:
            told = render.render_report(self._room.add([Path(file) for file in files or ()]))
        except RagError as error:
            told = render.render_problem(str(error))
        return {p.report: told, p.files: None, **self._tell_held()}

    def _tell_held(self) -> dict[Any, Any]:
        """What the store holds: in the heading, among the sources, as examples."""
        gr, p, examples = self._gr, self._parts, self._room.examples()
        shown = zip_longest(p.examples, examples[: len(p.examples)], fillvalue="")
        return {
            p.heading: render.render_heading(self._room.held()),
            p.source: gr.Dropdown(choices=["", *self._room.sources()]),
            **{button: gr.Button(text, visible=bool(text)) for button, text in shown},
        }

    def _judger(self) -> Callable[..., str]:
        """What happens when a reader judges an answer."""
        import gradio

        def judge(kept: object, given: gradio.LikeData) -> str:
            at = given.index if isinstance(given.index, int) else given.index[0]
            verdicts: dict[object, Verdict] = {True: "up", False: "down"}
            history = session.from_browser(kept)
            return self._keep(history, int(at) // 2, verdicts.get(given.liked), "")

        return judge

    def _use_model(self, name: str) -> str:
        try:
            self._room.use_model(name)
        except RagError as error:
            return render.render_problem(str(error))
        return render.render_problem(f"the next question is read by {name}")

    def _remark(self, comment: str, kept: object) -> tuple[str, str]:
        history = session.from_browser(kept)
        return self._keep(history, len(history) - 1, None, comment), ""

    def _keep(
        self, history: Sequence[Shown], turn: int, verdict: Verdict | None, comment: str
    ) -> str:
        if not 0 <= turn < len(history):
            return render.render_problem("there is no answer to judge yet")
        try:
            path = keep_feedback(self._room.feedback_folder, history[turn], verdict, comment)
        except InputError as error:
            return render.render_problem(str(error))
        return render.render_problem(f"kept on this computer, in {path}")


def _exporter(export: Callable[[Sequence[Shown]], str]) -> Callable[[object], str]:
    return lambda kept: export(session.from_browser(kept))


def _theme(gr: Any) -> Any:
    """Gradio's plain theme in the system's own fonts; the colours are in style.css."""
    fonts = ["ui-sans-serif", "system-ui", "sans-serif"]
    return gr.themes.Base(
        primary_hue="slate", neutral_hue="stone", font=fonts,
        font_mono=["ui-monospace", "monospace"], radius_size="sm",
    )  # fmt: skip
