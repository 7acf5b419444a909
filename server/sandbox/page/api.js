// The demo's own routes. The browser speaks to nobody else.

/** What a route refused, in words for people. */
export class Refused extends Error {}

async function call(address, options = {}) {
  let answer;
  try {
    answer = await fetch(address, { ...options, cache: "no-store" });
  } catch (fault) {
    if (fault.name === "AbortError") throw fault;
    throw new Refused("服务没有应答，正在重试…");
  }
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(told.detail || `出错了（${answer.status}）`);
  return told;
}

/** Everybody who may be played. */
export async function people() {
  return (await call("/sandbox/people")).people;
}

/** The account's menu as pushed to the platform. */
export async function menu() {
  return (await call("/sandbox/chat/menu")).button;
}

/** Places to send. */
export async function places() {
  return (await call("/sandbox/chat/places")).places;
}

/** What is new in somebody's chat; waits up to ``wait`` seconds for it. */
export function look(person, { since, run, wait }, signal) {
  const query = new URLSearchParams({ person, since, wait, ...(run ? { run } : {}) });
  return call(`/sandbox/chat?${query}`, { signal });
}

/** Do something as somebody: ``{kind: "text", content}`` and so on. */
export function act(person, did) {
  const body = JSON.stringify({ person, did });
  return call("/sandbox/chat", { method: "POST", body, headers: { "content-type": "application/json" } });
}

/** Upload a picture; its media id. */
export async function keepPicture(file) {
  const headers = { "content-type": file.type };
  return (await call("/sandbox/chat/pictures", { method: "POST", body: file, headers })).media_id;
}

/** Where a sent picture is shown from. */
export function pictureAddress(mediaId) {
  return `/sandbox/chat/pictures/${encodeURIComponent(mediaId)}`;
}
