// The page: who is played, what is new in the chat, and what is done as that person.

import * as api from "./api.js";
import { Composer, MenuBar } from "./composer.js";
import { byId } from "./dom.js";
import { openLeaf, Panels } from "./panels.js";
import { Picker } from "./people.js";
import { Talk } from "./talk.js";
import { Wire } from "./wire.js";

const WAIT_S = 2;
const AGAIN_MS = 2000;

const on = {
  choice: (part) => act({ kind: "text", content: part.content, choice: part.id || null }),
  page: openLeaf,
};
const menuBar = new MenuBar(act, openLeaf);
const talk = new Talk(byId("talk"), on, (key) => menuBar.label(key));
const wire = new Wire();
const shown = { person: null, since: 0, run: "", follows: true, pending: new Set(), stop: null };

/** Do something as the person shown; whether it was taken. */
async function act(did) {
  try {
    await api.act(shown.person.code, did);
  } catch (fault) {
    if (!(fault instanceof api.Refused)) throw fault;
    trouble(fault.message);
    return false;
  }
  trouble("");
  return true;
}

function trouble(text) {
  byId("trouble").textContent = text;
  byId("trouble").hidden = !text;
}

function play(person) {
  shown.stop?.abort();
  shown.stop = new AbortController();
  Object.assign(shown, { person, since: 0, run: "" });
  byId("who-name").textContent = `${person.name}（${person.city_name}）`;
  byId("who").title = `${person.role_label}　${person.note}`;
  anew();
  watch(shown.stop.signal);
}

function anew() {
  shown.since = 0;
  shown.pending.clear();
  talk.clear(shown.person);
  wire.clear();
  readMenu();
}

async function readMenu() {
  try {
    menuBar.show(await api.menu());
  } catch (fault) {
    if (!(fault instanceof api.Refused)) throw fault;
    menuBar.show([]);
  }
}

/** Look on until another person is shown; nobody looks while the page is hidden. */
async function watch(signal) {
  while (!signal.aborted) {
    try {
      await visible();
      take(await api.look(shown.person.code, { since: shown.since, run: shown.run, wait: shown.run ? WAIT_S : 0 }, signal));
    } catch (fault) {
      if (signal.aborted) return;
      if (!(fault instanceof api.Refused)) throw fault;
      trouble(fault.message);
      shown.lost = true;
      await new Promise((resume) => setTimeout(resume, AGAIN_MS));
    }
  }
}

function visible() {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resume) => document.addEventListener("visibilitychange", resume, { once: true }));
}

function take(told) {
  if (shown.run && shown.run !== told.run) anew();
  if (shown.lost) trouble("");
  Object.assign(shown, { run: told.run, since: told.last, follows: told.follows, lost: false });
  talk.batch(() => write(told));
  byId("status").textContent = told.typing || shown.pending.size ? "对方正在输入…" : "";
  byId("unfollowed").hidden = told.follows;
  byId("followed").hidden = !told.follows;
  byId("talk").setAttribute("aria-busy", String(shown.pending.size > 0));
}

function write(told) {
  for (const exchange of told.exchanges) {
    talk.exchange(exchange);
    wire.exchange(exchange, brief(exchange.message));
    if (exchange.answered === null) shown.pending.add(exchange.number);
    else shown.pending.delete(exchange.number);
  }
  for (const message of told.service) {
    talk.service(message);
    wire.service(message);
  }
}

function brief(message) {
  const names = { location: "位置", image: "图片", voice: "语音" };
  if (message.MsgType === "text") return message.Content;
  return names[message.MsgType] ?? talk.happened(message);
}

function watching(wanted) {
  document.body.classList.toggle("watching", wanted);
  byId("wire-toggle").setAttribute("aria-expanded", String(wanted));
}

async function begin() {
  try {
    const [people, places] = await Promise.all([api.people(), api.places()]);
    const composer = new Composer(act, trouble);
    const panels = new Panels((did) => {
      composer.panel(false);
      return act(did);
    }, places);
    const picker = new Picker(people, (person) => {
      panels.suit(person, people, () => shown.follows);
      play(person);
    });
    picker.follow();
  } catch (fault) {
    if (!(fault instanceof api.Refused)) throw fault;
    trouble(fault.message);
    setTimeout(begin, AGAIN_MS);
  }
}

byId("wire-toggle").addEventListener("click", () => watching(!document.body.classList.contains("watching")));
byId("wire-close").addEventListener("click", () => {
  watching(false);
  byId("wire-toggle").focus();
});
watching(window.matchMedia("(min-width: 56rem)").matches);
begin();
