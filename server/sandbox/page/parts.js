// A message text with its links, as the app shows it.

import { button, el } from "./dom.js";

/** Fills an element with parts; ``on.choice(part)`` and ``on.page(part)`` are taps. */
export function fill(element, parts, on) {
  parts.forEach((part, index) => {
    const alone = endsLine(parts[index - 1]) && beginsLine(parts[index + 1]);
    element.append(made(part, alone, on, trimmed(parts, index)));
  });
}

function made(part, alone, on, text) {
  switch (part.type) {
    case "text":
      return document.createTextNode(text);
    case "choice":
      return button(part.label, () => on.choice(part), { class: alone ? "tap line" : "tap" });
    case "page":
      return alone ? pageCard(part, on) : button(part.label, () => on.page(part), { class: "tap" });
    case "link":
      return el("a", { href: part.url, target: "_blank", rel: "noreferrer" }, part.label);
    default:
      return el("span", { class: "wrong", title: part.problem ?? "" }, part.label ?? "");
  }
}

/** A card that leads to a page of the mini-program, with its path. */
export function pageCard(part, on) {
  const inside = [el("strong", {}, part.label), el("span", {}, `小程序　${part.path}`)];
  const card = button("", () => on.page(part), { class: "pagecard" });
  card.append(...inside);
  return card;
}

/** Lines of their own bring their own line breaks. */
function trimmed(parts, index) {
  let text = parts[index].text ?? "";
  if (isBlock(parts, index + 1) && text.endsWith("\n")) text = text.slice(0, -1);
  if (isBlock(parts, index - 1) && text.startsWith("\n")) text = text.slice(1);
  return text;
}

function isBlock(parts, index) {
  const part = parts[index];
  if (part?.type !== "choice" && part?.type !== "page") return false;
  return endsLine(parts[index - 1]) && beginsLine(parts[index + 1]);
}

function endsLine(before) {
  return before === undefined || (before.type === "text" && before.text.endsWith("\n"));
}

function beginsLine(after) {
  return after === undefined || (after.type === "text" && after.text.startsWith("\n"));
}
