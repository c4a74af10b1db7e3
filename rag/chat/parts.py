"""What stands where on the page, as Gradio's own parts with fixed ids.

It is given gradio as a module, whose one home is page.py.
"""

from typing import Any

from rag.chat import render

_KEPT = "rag-conversation"  # the key in the browser's store
# The browser's store is the reader's own: the secret only keeps Gradio from inventing another
# with every start, with which the conversation could not be read any more.
_SECRET = "a conversation"
_EXAMPLES = 3


class Parts:
    """The page's parts, made inside a gr.Blocks that is open."""

    def __init__(self, gr: Any, models: list[str]) -> None:
        """`models` can be chosen, the current one first."""
        self._gr = gr
        self._models = models
        self._lay_out()

    def _lay_out(self) -> None:
        gr = self._gr
        self.kept = gr.BrowserState([], storage_key=_KEPT, secret=_SECRET)
        self.heading = gr.HTML(elem_id="heading")
        with gr.Row(elem_id="desk"):
            with gr.Column(scale=3, min_width=320, elem_id="conversation"):
                self._lay_out_conversation()
            with gr.Column(scale=2, min_width=320, elem_id="evidence-panel"):
                self.evidence = gr.HTML(render.render_empty(), elem_id="evidence-now")
                self.earlier = gr.HTML(elem_id="evidence-earlier")

    def _lay_out_conversation(self) -> None:
        gr = self._gr
        self.chat = gr.Chatbot(
            elem_id="chat", label="Conversation", show_label=False, height=None, min_height=0,
            sanitize_html=True, render_markdown=False, latex_delimiters=[], allow_tags=False,
            layout="panel", buttons=[], placeholder=" ", container=False,
        )  # fmt: skip
        with gr.Row(elem_id="examples") as self.examples_row:
            self.examples = [
                gr.Button("", size="sm", visible=False, elem_classes="example")
                for _ in range(_EXAMPLES)
            ]
        with gr.Row(elem_id="asked-as", visible=False) as self.asked_row:
            self.asked = gr.Textbox(
                label="Asked as (edit it to ask otherwise)", elem_id="asked", scale=5
            )
            self.ask_asked = gr.Button("Ask this", elem_id="ask-asked", scale=1, min_width=90)
        with gr.Row(elem_id="ask-row"):
            self.question = gr.Textbox(
                label="Your question", placeholder="Who, what, when, how many \u2026",
                elem_id="question", scale=5, max_lines=6, autofocus=True,
            )  # fmt: skip
            self.send = gr.Button("Ask", variant="primary", elem_id="send", min_width=90, scale=1)
            self.stop = gr.Button(
                "Stop", variant="stop", elem_id="stop", min_width=90, scale=1, visible=False
            )
        self._lay_out_controls()
        self._lay_out_adding()
        self._lay_out_keeping()

    def _lay_out_controls(self) -> None:
        gr = self._gr
        models = self._models
        with gr.Accordion("Dates, sources, model", open=False, elem_id="controls"):
            with gr.Row():
                days = [
                    gr.Textbox(label=label, placeholder="YYYY-MM-DD", elem_id=name, min_width=130)
                    for label, name in (
                        ("Articles from", "since"),
                        ("Articles to", "until"),
                        ("Asked on the day", "as-of"),
                    )
                ]
            with gr.Row():
                self.source = gr.Dropdown(
                    [""], value="", label="Only this source",
                    elem_id="source", min_width=160,
                )  # fmt: skip
                self.model = gr.Dropdown(
                    models, value=models[0], label="Language model", elem_id="model", min_width=160
                )
        self.controls = [*days, self.source]

    def _lay_out_adding(self) -> None:
        gr = self._gr
        with gr.Accordion("Add articles", open=False, elem_id="adding"):
            self.files = gr.File(
                label="Drop files here", file_count="multiple", elem_id="files", height=140
            )
            self.report = gr.HTML(elem_id="report")

    def _lay_out_keeping(self) -> None:
        gr = self._gr
        with gr.Accordion("Keep, judge, begin anew", open=False, elem_id="keeping"):
            with gr.Row():
                self.save_markdown = gr.Button("Save as Markdown", elem_id="save-markdown")
                self.save_json = gr.Button("Save as JSON", elem_id="save-json")
                self.anew = gr.Button("New conversation", elem_id="anew")
            with gr.Row():
                self.comment = gr.Textbox(
                    label="Comment on the last answer", elem_id="comment", scale=4
                )
                self.send_comment = gr.Button("Keep comment", elem_id="send-comment", scale=1)
            self.thanks = gr.HTML(elem_id="thanks")
            self.export = gr.Textbox(visible="hidden", label="Export", elem_id="export")
        self.status = gr.HTML(elem_id="status")
