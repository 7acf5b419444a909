// The chat as the person sees it: what was said, in the order in which it happened.

import { pictureAddress } from "./api.js";
import { el, icon } from "./dom.js";
import { moment } from "./format.js";
import { fill, pageCard } from "./parts.js";

const PAUSE_S = 300;
const NEAR_PX = 160;

/** Keeps the list below ``root``. ``on``: see ``parts.js``; ``menuLabel(key)`` names a menu key. */
export class Talk {
  constructor(root, on, menuLabel) {
    this.root = root;
    this.on = on;
    this.menuLabel = menuLabel;
    this.atEnd = true;
    root.addEventListener("scroll", () => { this.atEnd = this.isNear(); });
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(root);
    this.clear(null);
  }

  isNear() {
    const { scrollHeight, scrollTop, clientHeight } = this.root;
    return scrollHeight - scrollTop - clientHeight < NEAR_PX;
  }

  toEnd() {
    this.root.scrollTop = this.root.scrollHeight;
  }

  /** Begin anew, for ``person``. */
  clear(person) {
    this.person = person;
    this.shown = new Map();
    this.atEnd = true;
    this.root.replaceChildren();
  }

  /** An exchange as it stands now: what the person did, and what was answered. */
  exchange(exchange) {
    this.put(`did-${exchange.number}`, exchange.number, exchange.at, () => this.did(exchange.message), true);
    if (exchange.answered === null || exchange.message.Event === "unsubscribe") return;
    exchange.seen.forEach((seen, index) => {
      const key = `answer-${exchange.number}-${index}`;
      this.put(key, exchange.answered, exchange.answered_at, () => this.account(seen), false);
    });
  }

  /** A customer-service message. */
  service(message) {
    message.seen.forEach((seen, index) => {
      this.put(`service-${message.number}-${index}`, message.number, message.at, () => this.account(seen), false);
    });
  }

  /** Take in a batch: afterwards the end is in sight if it was, or if the person did something. */
  batch(write) {
    this.follow = this.atEnd;
    write();
    if (this.follow) this.toEnd();
  }

  put(key, order, at, make, own) {
    if (this.shown.has(key)) return;
    this.follow ||= own;
    const item = el("div", { "data-order": order, "data-at": at, "data-key": key }, make());
    this.shown.set(key, item);
    const later = [...this.root.children].find((other) => Number(other.dataset.order) > order);
    this.root.insertBefore(item, later ?? null);
    this.time(item);
    if (item.nextElementSibling) this.time(item.nextElementSibling);
  }

  /** The time stands above whatever follows a pause. */
  time(item) {
    item.querySelector(":scope > .at")?.remove();
    const before = item.previousElementSibling;
    const at = Number(item.dataset.at);
    if (before && at - Number(before.dataset.at) < PAUSE_S) return;
    item.prepend(el("time", { class: "at", dateTime: new Date(at * 1000).toISOString() }, moment(at)));
  }

  did(message) {
    switch (message.MsgType) {
      case "text":
        return this.own(message.Content);
      case "location":
        return this.own(spot(message));
      case "image":
        return this.own(picture(pictureAddress(message.MediaId), "发送的图片"), "picture");
      case "voice":
        return this.own(voice(message.Recognition));
      default:
        return event(this.happened(message));
    }
  }

  happened(message) {
    switch (message.Event) {
      case "subscribe":
        return message.EventKey ? `扫码关注了公众号（场景值 ${message.EventKey.replace("qrscene_", "")}）` : "关注了公众号";
      case "unsubscribe":
        return "取消了关注";
      case "SCAN":
        return `扫描了二维码（场景值 ${message.EventKey}）`;
      default:
        return `点了菜单“${this.menuLabel(message.EventKey)}”`;
    }
  }

  account(seen) {
    switch (seen.type) {
      case "text":
        return this.theirs((bubble) => fill(bubble, seen.parts, this.on));
      case "menu":
        return this.theirs((bubble) => fill(bubble, menuParts(seen), this.on));
      case "card":
        return this.theirs((bubble) => bubble.append(pageCard(seen, this.on)));
      case "image":
        return this.theirs((bubble) => bubble.append(picture(pictureAddress(seen.media_id), "公众号发来的图片")), "picture");
      case "news":
        return this.theirs((bubble) => fill(bubble, newsParts(seen), this.on));
      case "transfer":
        return event("已转人工客服。演示中没有坐席应答，可以继续对话。");
      case "apology":
        return event(seen.text, "bad");
      default:
        return this.theirs((bubble) => bubble.append(`（${seen.type} 消息）`));
    }
  }

  own(content, more = "") {
    const face = el("span", { class: "face", "aria-hidden": "true" }, this.person.name.slice(0, 1));
    const bubble = el("div", { class: `bubble ${more}` }, el("span", { class: "hidden" }, "我："), content);
    return el("div", { class: "said own" }, face, bubble);
  }

  theirs(write, more = "") {
    const image = el("img", { src: "/favicon.ico", alt: "" });
    const bubble = el("div", { class: `bubble ${more}` }, el("span", { class: "hidden" }, "公众号："));
    write(bubble);
    return el("div", { class: "said" }, el("span", { class: "face", "aria-hidden": "true" }, image), bubble);
  }
}

function event(text, more = "") {
  return el("p", { class: `event ${more}` }, text);
}

function picture(address, label) {
  const image = el("img", { src: address, alt: label });
  return el("a", { href: address, target: "_blank" }, image);
}

function spot(message) {
  const where = `纬度 ${message.Location_X}，经度 ${message.Location_Y}`;
  const map = el("span", { class: "map", "aria-hidden": "true" }, icon("pin"));
  return el("span", { class: "spot" }, message.Label || "位置", el("small", {}, where), map);
}

function voice(recognition) {
  const words = recognition ? `语音：${recognition}` : "语音（没有识别结果）";
  return el("span", {}, icon("voice"), words);
}

/** A menu message as one text: its head, its choices a line each, its tail. */
function menuParts(menu) {
  const line = { type: "text", text: "\n" };
  const choices = menu.choices.flatMap((choice) => [line, choice]);
  return joined([...menu.head, ...choices, ...(menu.tail.length ? [line, ...menu.tail] : [])]);
}

function newsParts(news) {
  const link = { type: "link", label: news.title, url: news.url };
  return news.description ? [link, { type: "text", text: `\n${news.description}` }] : [link];
}

/** Neighbouring texts as one. */
function joined(parts) {
  return parts.reduce((all, part) => {
    const last = all.at(-1);
    if (last?.type === "text" && part.type === "text") all[all.length - 1] = { type: "text", text: last.text + part.text };
    else all.push(part);
    return all;
  }, []);
}
