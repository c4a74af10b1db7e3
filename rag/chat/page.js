/* What a click on a mark does, where the keyboard goes, and what a screen reader hears. */
(() => {
  "use strict";
  const live = document.createElement("div");
  live.id = "live";
  live.className = "unseen";
  live.setAttribute("role", "status");
  live.setAttribute("aria-live", "polite");

  // Gradio's parts ask for frame after frame even where nothing moves. While the model works on the
  // same processor they get four a second.
  const frame = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (draw) => {
    if (!document.querySelector(".answer.growing .working")) return frame(draw);
    setTimeout(() => frame(draw), 250);
    return 0;
  };

  let opener = null; // the mark that opened a card, where the keyboard goes back to
  let said = "";

  function markFor(card) {
    return opener && opener.isConnected
      ? opener
      : document.querySelector(`[data-card="${CSS.escape(card)}"]`);
  }

  function open(id, from) {
    const card = document.getElementById(id);
    if (!card) return;
    const section = card.closest("section.evidence");
    document.querySelectorAll("section.evidence").forEach((one) => {
      one.hidden = one !== section;
    });
    section.querySelectorAll("details.card").forEach((one) => {
      one.open = one === card;
    });
    opener = from;
    card.querySelector("summary").focus({ preventScroll: true });
    card.scrollIntoView({ block: "start" });
    showQuote(card);
  }

  function showQuote(card) {
    const text = card.querySelector(".article");
    const quote = card.querySelector(".article mark");
    if (text && quote) text.scrollTop = quote.offsetTop - text.clientHeight / 3;
  }

  function back(id) {
    const mark = markFor(id);
    if (!mark) return;
    mark.focus({ preventScroll: true });
    mark.scrollIntoView({ block: "center" });
  }

  document.addEventListener("click", (event) => {
    const mark = event.target.closest("[data-card]");
    const home = event.target.closest("[data-back]");
    if (mark) open(mark.dataset.card, mark);
    else if (home) back(home.dataset.back);
  });

  document.addEventListener("keydown", (event) => {
    const card = event.target.closest && event.target.closest("details.card");
    if (event.key === "Escape" && card) back(card.id);
  });

  document.addEventListener(
    "toggle",
    (event) => {
      if (event.target.matches("details.card[open]")) showQuote(event.target);
    },
    true,
  );

  function name(id, role, label) {
    const part = document.getElementById(id);
    if (!part || part.getAttribute("role") === role) return;
    part.setAttribute("role", role);
    part.setAttribute("aria-label", label);
  }

  function look() {
    name("conversation", "region", "Conversation");
    name("evidence-panel", "complementary", "Evidence");
    const status = document.querySelector("[data-status]");
    const text = status ? status.textContent : "";
    if (text !== said) {
      said = text;
      live.textContent = text;
    }
    // The growing answer is told by its status, not read out anew with every change.
    document.querySelectorAll('#chat [role="log"]').forEach((log) => {
      if (log.getAttribute("aria-live") !== "off") log.setAttribute("aria-live", "off");
    });
  }

  function save(file, text) {
    const kind = file.endsWith(".json") ? "application/json" : "text/markdown";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: `${kind};charset=utf-8` }));
    link.download = file;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  window.ragPage = { save };
  function begin() {
    document.body.append(live);
    let due = false;
    new MutationObserver(() => {
      if (due) return;
      due = true;
      frame(() => {
        due = false;
        look();
      });
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
    look();
  }

  // Gradio may put this into the page before or after the page is whole.
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
