// The dialogs behind the plus sign, and the leaf that stands for a page of the mini-program.

import { button, byId, open } from "./dom.js";

/** Places, voice and codes. ``act(did)`` does something as the person shown. */
export class Panels {
  constructor(act, places) {
    this.act = act;
    this.places = places;
    this.form("place", (data) => ({
      kind: "location",
      latitude: Number(data.get("latitude")),
      longitude: Number(data.get("longitude")),
      label: data.get("label").trim(),
    }));
    this.form("voice", (data) => ({ kind: "voice", recognition: data.get("recognition").trim() }));
    this.form("scan", (data) => this.scanned(data.get("scene")));
  }

  /** What suits a person: places and codes of its city first. */
  suit(person, people, follows) {
    this.follows = follows;
    const near = [...this.places].sort((a, b) => Number(b.city === person.city) - Number(a.city === person.city));
    byId("place-list").replaceChildren(...near.map((place) =>
      this.choice("place", place.label, () => ({
        kind: "location", latitude: place.latitude, longitude: place.longitude, label: place.label,
      }))));
    const cities = new Map(people.map((each) => [each.city, each.city_name]));
    byId("scan-list").replaceChildren(...[...cities].map(([code, name]) =>
      this.choice("scan", `${name}专窗的二维码（场景值 ${code}）`, () => this.scanned(code))));
  }

  scanned(scene) {
    return this.follows() ? { kind: "scan", scene } : { kind: "follow", scene };
  }

  choice(name, label, did) {
    return button(label, () => this.send(name, did()));
  }

  form(name, did) {
    byId(`${name}-form`).addEventListener("submit", (event) => {
      event.preventDefault();
      const data = new FormData(event.target);
      event.target.reset();
      this.send(name, did(data));
    });
  }

  send(name, did) {
    byId(name).close();
    this.act(did);
  }
}

/** What would open in the app: a page of the mini-program, or a page of the web. */
export function openLeaf(page) {
  byId("leaf-title").textContent = page.label;
  byId("leaf-about").textContent = page.path
    ? "在手机微信里，这里打开小程序的这个页面："
    : "在手机微信里，这里打开网页：";
  byId("leaf-path").textContent = page.path ?? page.url;
  const link = byId("leaf-link");
  link.hidden = Boolean(page.path);
  if (!page.path) link.href = page.url;
  open(byId("leaf"));
}
