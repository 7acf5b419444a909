"use strict";

const ROLES = {
  applicant: "申请人", window_clerk: "综合受理窗口", utility_clerk: "水电气暖讯单位",
  crew: "现场人员", approver: "审批部门", regulator: "行业主管部门", coordinator: "牵头单位",
  system_admin: "系统管理员", security_admin: "安全管理员", auditor: "审计员",
  system: "系统", platform: "对接平台",
};
const ACCESS = { public: "无需登录", signed_in: "登录即可", roles: "限下列身份", move: "由办理规则判断，一般为下列身份" };
const TYPES = { string: "文字", integer: "整数", number: "数", boolean: "是/否", array: "列表", object: "对象", null: "空" };
const FORMATS = { "date-time": "时间", date: "日期", uuid: "编号（UUID）", binary: "文件" };

let api = null;

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null));
  return element;
}

function resolve(schema) {
  if (schema && schema.$ref) return api.components.schemas[schema.$ref.split("/").pop()] || {};
  return schema || {};
}

function bounds(schema) {
  const words = [];
  if (schema.minimum !== undefined) words.push(`≥ ${schema.minimum}`);
  if (schema.maximum !== undefined) words.push(`≤ ${schema.maximum}`);
  if (schema.minLength) words.push(`至少 ${schema.minLength} 字`);
  if (schema.maxLength) words.push(`至多 ${schema.maxLength} 字`);
  if (schema.minItems) words.push(`至少 ${schema.minItems} 项`);
  if (schema.maxItems) words.push(`至多 ${schema.maxItems} 项`);
  return words.length ? `（${words.join("，")}）` : "";
}

function typeOf(raw) {
  const schema = resolve(raw);
  if (schema.enum) return schema.enum.join(" | ");
  if (schema.const !== undefined) return String(schema.const);
  const either = schema.anyOf || schema.oneOf;
  if (either) return [...new Set(either.map(typeOf))].join(" 或 ");
  if (schema.type === "array") return `${typeOf(schema.items)} 的列表${bounds(schema)}`;
  const name = FORMATS[schema.format] || TYPES[schema.type] || "任意";
  return name + bounds(schema);
}

function nested(raw) {
  const schema = resolve(raw);
  if (schema.properties) return schema;
  for (const part of [...(schema.anyOf || []), schema.items, schema.additionalProperties,
    ...Object.values(schema.patternProperties || {})]) {
    if (part && typeof part === "object") {
      const found = nested(part);
      if (found) return found;
    }
  }
  return null;
}

function rows(schema, prefix, depth, body) {
  const required = new Set(schema.required || []);
  for (const [name, part] of Object.entries(schema.properties || {})) {
    const told = { ...resolve(part), ...part };
    const words = [told.title, told.description].filter(Boolean).join("：");
    body.append(make("tr", {},
      make("td", {}, make("code", {}, prefix + name)),
      make("td", {}, typeOf(part)),
      make("td", {}, required.has(name) ? "是" : ""),
      make("td", {}, words)));
    const inner = nested(part);
    if (inner && depth < 3) rows(inner, `${prefix}${name}.`, depth + 1, body);
  }
}

function table(heads, body) {
  const head = make("tr", {}, ...heads.map((text) => make("th", { scope: "col" }, text)));
  return make("div", { class: "scroll" }, make("table", {}, make("thead", {}, head), body));
}

function schemaTable(schema) {
  const found = nested(schema);
  if (!found) return make("p", {}, typeOf(schema));
  const body = make("tbody");
  rows(found, "", 0, body);
  return body.children.length
    ? table(["名称", "类型", "必填", "说明"], body) : make("p", { class: "soft" }, "空对象");
}

function parameters(operation) {
  const body = make("tbody");
  const places = { path: "地址", query: "查询", header: "请求头" };
  for (const each of operation.parameters || []) {
    body.append(make("tr", {},
      make("td", {}, make("code", {}, each.name)),
      make("td", {}, places[each.in]),
      make("td", {}, typeOf(each.schema)),
      make("td", {}, each.required ? "是" : ""),
      make("td", {}, each.description || each.schema.title || "")));
  }
  return body.children.length ? table(["名称", "位置", "类型", "必填", "说明"], body) : null;
}

function answers(operation) {
  const parts = [];
  const refused = make("tbody");
  for (const [status, answer] of Object.entries(operation.responses)) {
    if (answer["x-codes"]) {
      refused.append(make("tr", {},
        make("td", {}, status),
        make("td", {}, make("code", {}, answer["x-codes"].join(" "))),
        make("td", {}, answer.description)));
      continue;
    }
    parts.push(make("h3", {}, `答复 ${status} ${answer.description}`));
    const content = answer.content || {};
    const json = content["application/json"];
    if (json) parts.push(schemaTable(json.schema));
    else if (Object.keys(content).length) parts.push(make("p", {}, Object.keys(content).join("，")));
  }
  if (refused.children.length) {
    parts.push(make("h3", {}, "可能的拒绝"), table(["状态", "代码", "含义"], refused));
  }
  return parts;
}

function inside(operation) {
  const parts = [];
  if (operation.description) parts.push(make("p", {}, operation.description));
  const roles = (operation["x-roles"] || []).map((role) => ROLES[role] || role).join("、");
  const desk = operation["x-desk"] ? "；须在电脑端登录" : "";
  parts.push(make("p", { class: "soft" }, `谁可以用：${ACCESS[operation["x-access"]]}${roles ? `：${roles}` : ""}${desk}`));
  const given = parameters(operation);
  if (given) parts.push(make("h3", {}, "参数"), given);
  if (operation.requestBody) {
    parts.push(make("h3", {}, "请求内容"));
    const json = operation.requestBody.content["application/json"];
    parts.push(json ? schemaTable(json.schema)
      : make("p", {}, `${Object.keys(operation.requestBody.content).join("，")} ${operation.requestBody.description || ""}`));
  }
  parts.push(...answers(operation));
  return make("div", { class: "inside" }, ...parts);
}

function entry(path, method, operation) {
  const head = make("summary", {},
    make("span", { class: `method ${method}` }, method.toUpperCase()),
    make("span", { class: "path" }, path),
    make("span", {}, operation.summary));
  const box = make("details", { id: operation.operationId }, head);
  box.addEventListener("toggle", () => {
    if (box.open && box.children.length === 1) box.append(inside(operation));
  });
  const codes = Object.values(operation.responses).flatMap((answer) => answer["x-codes"] || []);
  box.words = [path, operation.summary, operation.description || "", ...codes].join(" ").toLowerCase();
  box.roles = new Set(operation["x-roles"] || []);
  box.open_to_all = !["roles", "move"].includes(operation["x-access"]);
  return box;
}

function filter() {
  const role = document.getElementById("role").value;
  const words = document.getElementById("search").value.trim().toLowerCase();
  let shown = 0;
  for (const section of document.querySelectorAll("main section")) {
    let here = 0;
    for (const box of section.querySelectorAll("details")) {
      const fits = (!role || box.open_to_all || box.roles.has(role)) && (!words || box.words.includes(words));
      box.hidden = !fits;
      if (fits) here += 1;
    }
    section.hidden = here === 0;
    shown += here;
  }
  document.getElementById("count").textContent = `${shown} 个接口`;
}

function show() {
  document.getElementById("title").textContent = `${api.info.title}接口说明`;
  document.getElementById("about").textContent = api.info.description;
  const main = document.getElementById("operations");
  const contents = document.getElementById("contents");
  const roles = new Set();
  main.replaceChildren();
  for (const tag of api.tags) {
    const id = `tag-${api.tags.indexOf(tag)}`;
    const section = make("section", { id }, make("h2", {}, tag.name),
      tag.description ? make("p", {}, tag.description) : null);
    for (const [path, methods] of Object.entries(api.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        if (!operation.tags.includes(tag.name)) continue;
        (operation["x-roles"] || []).forEach((role) => roles.add(role));
        section.append(entry(path, method, operation));
      }
    }
    main.append(section);
    contents.append(make("a", { href: `#${id}` }, tag.name));
  }
  const select = document.getElementById("role");
  for (const role of Object.keys(ROLES).filter((each) => roles.has(each))) {
    select.append(make("option", { value: role }, ROLES[role]));
  }
  select.addEventListener("change", filter);
  document.getElementById("search").addEventListener("input", filter);
  filter();
}

fetch("/openapi.json")
  .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
  .then((found) => { api = found; show(); })
  .catch(() => {
    document.getElementById("operations").replaceChildren(
      make("p", {}, "接口说明暂时读取不到，请稍后刷新本页。"));
  });
