// Who is played: the picker, and the address that remembers the choice.

import { button, byId, el, open } from "./dom.js";

const dialog = byId("people");
const list = byId("people-list");
const search = byId("people-search");

/** The picker over everybody. ``chosen(person)`` is told each choice, the one of the address too. */
export class Picker {
  constructor(people, chosen) {
    this.people = people;
    this.chosen = chosen;
    search.addEventListener("input", () => this.fill());
    byId("who").addEventListener("click", () => this.open());
    window.addEventListener("hashchange", () => this.follow());
  }

  /** Take who the address names; ask where it names nobody. */
  follow() {
    const code = decodeURIComponent(location.hash.slice(1));
    const person = this.people.find((each) => each.code === code);
    if (person) this.chosen(person);
    else this.open();
  }

  open() {
    search.value = "";
    this.fill();
    open(dialog);
  }

  fill() {
    const words = search.value.trim();
    const found = this.people.filter((person) => told(person).includes(words));
    byId("people-none").hidden = found.length > 0;
    list.replaceChildren(...grouped(found).flatMap(([title, group]) => [
      el("h3", {}, title),
      ...group.map((person) => this.row(person)),
    ]));
  }

  row(person) {
    const take = () => {
      dialog.close();
      location.hash = person.code;
    };
    const row = button("", take, { "data-person": person.code });
    const about = el("span", { class: "soft" }, about_of(person));
    row.append(
      el("span", { class: "face", "aria-hidden": "true" }, person.name.slice(0, 1)),
      el("span", {}, person.name, about));
    return row;
  }
}

/** Office and organisation, or what an applicant is. */
export function about_of(person) {
  return person.organization ? `${person.role_label}　${person.organization}` : person.note;
}

function told(person) {
  return [person.name, person.city_name, person.phone, about_of(person)].join(" ");
}

/** Applicants of every city first: they are who the chat is for. */
function grouped(people) {
  const groups = new Map();
  const isApplicant = (person) => person.role === "applicant";
  for (const person of [...people.filter(isApplicant), ...people.filter((each) => !isApplicant(each))]) {
    const title = `${person.city_name}　${isApplicant(person) ? "企业" : "工作人员"}`;
    if (!groups.has(title)) groups.set(title, []);
    groups.get(title).push(person);
  }
  return [...groups];
}
