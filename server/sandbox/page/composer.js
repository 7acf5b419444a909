// What a person can do at the bottom of the phone: type, send things, tap the menu.

import { keepPicture, Refused } from "./api.js";
import { button, byId, el, open } from "./dom.js";

const words = byId("words");
const LARGEST = 10 * 1024 * 1024;

/** Wires the bottom bar. ``act(did)`` does something as the person shown, and tells whether it went. */
export class Composer {
  constructor(act, trouble) {
    this.act = act;
    this.trouble = trouble;
    byId("composer").addEventListener("submit", (event) => this.submit(event));
    words.addEventListener("keydown", (event) => this.key(event));
    words.addEventListener("input", () => this.fit());
    byId("more").addEventListener("click", () => this.panel(byId("panel").hidden));
    byId("follow").addEventListener("click", () => act({ kind: "follow" }));
    byId("follow-scan").addEventListener("click", () => open(byId("scan")));
    byId("unfollow").addEventListener("click", () => this.leave());
    byId("pick-picture").addEventListener("click", () => byId("picture").click());
    byId("picture").addEventListener("change", () => this.picture());
    for (const opener of document.querySelectorAll("[data-open]")) {
      opener.addEventListener("click", () => open(byId(opener.dataset.open)));
    }
  }

  /** Enter sends; while an input method is composing it only takes the word. */
  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    byId("composer").requestSubmit();
  }

  async submit(event) {
    event.preventDefault();
    const content = words.value;
    if (!content.trim()) return;
    words.value = "";
    this.fit();
    if (!(await this.act({ kind: "text", content })) && !words.value) {
      words.value = content;
      this.fit();
    }
  }

  fit() {
    byId("send").hidden = !words.value.trim();
    words.style.height = "auto";
    words.style.height = `${words.scrollHeight + 2}px`;
  }

  panel(shown) {
    byId("panel").hidden = !shown;
    byId("more").setAttribute("aria-expanded", String(shown));
  }

  leave() {
    this.panel(false);
    this.act({ kind: "unfollow" });
  }

  async picture() {
    const chooser = byId("picture");
    const [file] = chooser.files;
    chooser.value = "";
    if (!file) return;
    this.panel(false);
    try {
      if (file.size > LARGEST) throw new Refused("图片不能超过 10 MB。");
      await this.act({ kind: "image", media_id: await keepPicture(file) });
    } catch (fault) {
      if (!(fault instanceof Refused)) throw fault;
      this.trouble(fault.message);
    }
  }
}

/** The account's menu: at most three buttons, each with a list above it or an act of its own. */
export class MenuBar {
  constructor(act, openPage) {
    this.act = act;
    this.openPage = openPage;
    this.root = byId("menu");
    this.labels = new Map();
    document.addEventListener("click", (event) => {
      if (!this.root.contains(event.target)) this.close();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  /** Show what was pushed. */
  show(buttons) {
    this.root.hidden = buttons.length === 0;
    this.root.replaceChildren(...buttons.map((entry) => this.top(entry)));
  }

  /** What stands on the button with a key, an address or a path. */
  label(key) {
    return this.labels.get(key) ?? key;
  }

  top(entry) {
    const below = entry.sub_button ?? [];
    if (below.length === 0) return el("div", {}, this.leaf(entry));
    const list = el("ul", { hidden: true }, ...below.map((each) => el("li", {}, this.leaf(each))));
    const opener = button(entry.name, () => {
      const shown = list.hidden;
      this.close();
      list.hidden = !shown;
      opener.setAttribute("aria-expanded", String(shown));
    }, { "aria-expanded": "false" });
    return el("div", {}, opener, list);
  }

  leaf(entry) {
    const key = { view: entry.url, miniprogram: entry.pagepath }[entry.type] ?? entry.key;
    this.labels.set(key, entry.name);
    return button(entry.name, () => {
      this.close();
      const type = entry.type === "view" || entry.type === "miniprogram" ? entry.type : "click";
      this.act({ kind: "menu", type, key });
      if (type === "miniprogram") this.openPage({ label: entry.name, path: entry.pagepath, appid: entry.appid });
      if (type === "view") this.openPage({ label: entry.name, url: entry.url });
    });
  }

  close() {
    for (const list of this.root.querySelectorAll("ul")) list.hidden = true;
    for (const opener of this.root.querySelectorAll("[aria-expanded]")) opener.setAttribute("aria-expanded", "false");
  }
}
