// The pane beside the phone: everything that went over the wire, sealed and opened.

import { byId, el } from "./dom.js";
import { lines, second } from "./format.js";

const OUTCOMES = {
  success: "回复 success（暂不答复）", empty: "空回复", reply: "已回复", timeout: "超时没有答复",
  unreachable: "连接不上", fault: "答复不合格", "": "等待答复…",
};
const BAD = new Set(["timeout", "unreachable", "fault"]);
const NAMES = {
  signature: "明文签名", msg_signature: "密文签名", timestamp: "时间戳", nonce: "随机数", openid: "发送者",
  encrypt_type: "加密方式",
};

/** Keeps the list of exchanges, the newest on top. */
export class Wire {
  constructor() {
    this.list = byId("wire-list");
    this.clear();
  }

  /** Begin anew. */
  clear() {
    this.items = new Map();
    this.list.replaceChildren();
    byId("wire-empty").hidden = false;
  }

  /** A message and its attempts, as far as they have come. */
  exchange(exchange, label) {
    const took = exchange.attempts.reduce((sum, attempt) => sum + attempt.milliseconds, 0);
    const times = exchange.attempts.length > 1 ? `${exchange.attempts.length} 次，` : "";
    const told = exchange.answered === null ? OUTCOMES[""] : `${OUTCOMES[exchange.outcome]}，${times}${took} 毫秒`;
    const inside = () => [
      ...exchange.attempts.flatMap((attempt, index) => this.attempt(attempt, index)),
      el("h3", {}, "解密后"),
      el("h4", {}, "消息"),
      pre(lines(exchange.plain)),
      ...opened(exchange),
    ];
    this.put(`e${exchange.number}`, exchange.number, exchange.at, label, told, BAD.has(exchange.outcome), inside);
  }

  /** A message the service sent by itself. */
  service(message) {
    const inside = () => [
      el("h3", {}, "服务调用平台接口"),
      el("h4", {}, "请求"),
      pre(`POST /cgi-bin/message/custom/send\n\n${JSON.stringify(message.body, null, 2)}`),
    ];
    this.put(`s${message.number}`, message.number, message.at, "公众号主动发出", "客服消息", false, inside);
  }

  put(key, order, at, what, told, bad, inside) {
    byId("wire-empty").hidden = true;
    const summary = el("summary", {},
      el("time", { dateTime: new Date(at * 1000).toISOString() }, second(at)),
      el("span", { class: "what", title: what }, what),
      el("span", { class: bad ? "outcome bad" : "outcome" }, told));
    const body = el("div", { class: "inside" }, ...inside());
    const known = this.items.get(key);
    if (known) {
      known.firstChild.replaceChildren(summary, body);
      return;
    }
    const item = el("li", { "data-order": order }, el("details", {}, summary, body));
    this.items.set(key, item);
    const older = [...this.list.children].find((other) => Number(other.dataset.order) < order);
    this.list.insertBefore(item, older ?? null);
  }

  attempt(attempt, index) {
    const address = new URL(attempt.url);
    const rows = [...address.searchParams].map(([name, value]) =>
      el("tr", {}, el("th", { scope: "row" }, NAMES[name] ?? name), el("td", {}, code(`${name}=${value}`))));
    const status = attempt.status === null ? OUTCOMES[attempt.outcome] : `HTTP ${attempt.status}`;
    const problem = attempt.problem ? [el("h4", {}, "不合格的原因"), pre(attempt.problem)] : [];
    return [
      el("h3", {}, `第 ${index + 1} 次推送，${attempt.milliseconds} 毫秒`),
      el("h4", {}, `POST ${address.pathname}，地址参数`),
      el("table", {}, el("tbody", {}, ...rows)),
      el("h4", {}, "请求原文"),
      pre(attempt.sent),
      el("h4", {}, `答复原文（${status}）`),
      pre(attempt.body || "（空）"),
      ...problem,
    ];
  }
}

function opened(exchange) {
  const last = exchange.attempts.at(-1);
  return last?.opened ? [el("h4", {}, "答复"), pre(lines(last.opened))] : [];
}

function code(text) {
  return el("code", {}, text);
}

function pre(text) {
  return el("pre", { tabIndex: 0 }, text);
}
