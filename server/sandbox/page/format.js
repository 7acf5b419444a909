// Times and documents as people read them.

const CLOCK = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const SECONDS = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", month: "long", day: "numeric" });

/** Unix seconds → ``14:05`` today, ``11月20日 14:05`` on another day. */
export function moment(at, now = Date.now()) {
  const then = new Date(at * 1000);
  const clock = CLOCK.format(then);
  return DAY.format(then) === DAY.format(now) ? clock : `${DAY.format(then)} ${clock}`;
}

/** Unix seconds → ``14:05:09``. */
export function second(at) {
  return SECONDS.format(new Date(at * 1000));
}

/** XML with one element a line; what stands inside CDATA is left alone. */
export function lines(xml) {
  return xml.replace(/<!\[CDATA\[[\s\S]*?\]\]>|>(?=<(?!!))/g, (found) => (found === ">" ? ">\n" : found));
}
