// Full screen and the window of notes. Arrow keys belong to the buttons “Previous” and “Next”; the keys of a
// presenter's remote control (page up and down) press the same two. Nothing is fetched from anywhere.
const SLIDE = ".st-key-present-slide";
const BACK = ".st-key-present-previous button";
const ON = ".st-key-present-next button";
const KEYS = { PageUp: BACK, PageDown: ON };
const ARROWS = { ArrowLeft: BACK, ArrowRight: ON };

let shown = null;
let notes = null;

export default function ({ parentElement, data }) {
  const [full, second] = [".full", ".notes"].map((name) => parentElement.querySelector(name));
  full.textContent = data.full;
  full.title = data.keys;
  second.textContent = data.window;
  full.onclick = toggle;
  second.onclick = openNotes;
  shown = data;
  writeNotes();
  // On a phone a wide chart is moved sideways: by the keys as well.
  document.querySelector(".st-key-present-chart")?.setAttribute("tabindex", "0");
  document.addEventListener("keydown", pressed);
  return () => document.removeEventListener("keydown", pressed);
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event)) return;
  if (event.key === "Escape" && document.fullscreenElement) document.exitFullscreen();
  else if (event.key.toLowerCase() === "f") toggle();
  else if (event.key in KEYS) press(event, KEYS[event.key]);
}

function isWriting(event) {
  const target = event.composedPath()[0];
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

function press(event, button) {
  event.preventDefault();
  document.querySelector(button)?.click();
}

function toggle() {
  const slide = document.querySelector(SLIDE);
  if (document.fullscreenElement) document.exitFullscreen();
  else if (slide) {
    const page = getComputedStyle(document.querySelector("[data-testid=stApp]"));
    slide.style.backgroundColor = page.backgroundColor;
    slide.requestFullscreen();
  }
}

function openNotes() {
  notes = window.open("", "flipped-funnel-notes", "popup,width=680,height=760");
  if (!notes) return;
  notes.onkeydown = (event) => {
    const button = { ...KEYS, ...ARROWS }[event.key];
    if (button) press(event, button);
  };
  writeNotes();
  notes.focus();
}

function writeNotes() {
  if (!notes || notes.closed) return;
  const page = notes.document;
  page.title = shown.title;
  page.body.style.cssText = "font: 22px/1.5 sans-serif; margin: 1.5rem; max-width: 48rem";
  page.body.replaceChildren(
    written(page, "p", shown.title),
    written(page, "h1", shown.headline, "font-size: 26px; line-height: 1.35"),
    ...shown.notes.map((text) => written(page, "p", text)),
  );
}

function written(page, kind, text, style = "") {
  const element = page.createElement(kind);
  element.textContent = text;
  element.style.cssText = style;
  return element;
}
