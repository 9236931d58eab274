// The list of findings and its filters. Strings from reports reach the DOM as text only.
"use strict";

const $ = (id) => document.getElementById(id);
const data = JSON.parse($("data").textContent);
const CHUNK = 100;
const state = { lang: data.lang, shown: [] };

function t(key, values = {}) {
  return (data.words[state.lang][key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}
function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}
const count = (number) => number.toLocaleString("en-US");

// One finding
function drawSource(source) {
  const reviews = source.reviews ? t("report_year", { year: source.reviews }) : null;
  const where = [source.report, reviews, `${source.id} ${t("offsets")} ${source.offsets}`].filter(Boolean).join(" · ");
  const text = source.pieces.map(([piece, slot]) => (slot ? make("mark", slot, piece) : piece));
  return make("blockquote", "", make("cite", "", make("b", "", t(`part.${source.part}`)), ` ${where}`), ...text);
}
function drawFinding(finding) {
  const { check, severity, certainty } = finding;
  const tags = make("p", "tags",
    make("span", "", `#${finding.n}`),
    make("b", "", t(`check.${check}`)),
    make("span", severity, t(`severity.${severity}`)),
    make("span", "", t(`certainty.${certainty}`)),
    make("span", "", finding.place),
    finding.year ? make("span", "", String(finding.year)) : null);
  const hint = finding.hint[state.lang];
  return make("li", severity, tags,
    make("p", "reason", finding.reason[state.lang]),
    hint ? make("p", "hint", hint) : null,
    ...finding.sources.map(drawSource));
}
function drawMore(until) {
  const from = $("findings").childElementCount;
  $("findings").append(...state.shown.slice(from, until).map(drawFinding));
  const left = state.shown.length - $("findings").childElementCount;
  $("more").hidden = left <= 0;
  $("more").textContent = t("more", { count: count(left) });
}

// Filters
const SELECTS = ["check", "certainty", "severity"];
function textOf(finding) {
  finding.text ??= [
    finding.place, finding.code, finding.year, ...Object.values(finding.reason),
    ...finding.sources.flatMap((source) => [source.report, source.id, source.pieces.map(([piece]) => piece).join("")]),
  ].join("\n").toLowerCase();
  return finding.text;
}
function refresh() {
  const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  state.shown = data.findings.filter((finding) =>
    [...SELECTS, "place"].every((name) => !$(name).value || finding[name] === $(name).value)
    && words.every((word) => textOf(finding).includes(word)));
  $("findings").replaceChildren();
  drawMore(CHUNK);
  const all = data.findings.length;
  const nothing = all ? t("none_match") : t("nothing");
  $("shown").textContent = state.shown.length ? t("shown", { shown: count(state.shown.length), all: count(all) }) : nothing;
}
function fill(name, values, word) {
  const chosen = $(name).value;
  const option = (value, text) => Object.assign(document.createElement("option"), { value, textContent: text });
  const label = `${t(`column.${name}`)}: ${t("all")}`;
  $(name).replaceChildren(option("", label), ...values.map((value) => option(value, word(value))));
  $(name).value = chosen;
  $(name).setAttribute("aria-label", t(`column.${name}`));
}
function drawFilters() {
  for (const name of SELECTS) {
    const present = data.orders[name].filter((value) => data.findings.some((finding) => finding[name] === value));
    fill(name, present, (value) => t(`${name}.${value}`));
  }
  fill("place", [...new Set(data.findings.map((finding) => finding.place))], (value) => value);
  $("search").placeholder = t("search");
  $("search").setAttribute("aria-label", t("search"));
}

// Head
function drawCounts() {
  const heads = ["column.check", "column.compared", "certainty.likely", "certainty.possible"];
  const head = make("tr", "", ...heads.map((key) => make("th", "", t(key))));
  const rows = data.orders.check.map((check) => {
    const { compared, likely, possible } = data.summary.checks[check];
    return make("tr", "", make("th", "", t(`check.${check}`)), ...[compared, likely, possible].map((n) => make("td", "", count(n))));
  });
  $("counts").replaceChildren(make("thead", "", head), make("tbody", "", ...rows));
}
function draw() {
  const { reports, places, records } = data.summary;
  const values = { reports, places, records, findings: data.findings.length };
  for (const name of Object.keys(values)) values[name] = count(values[name]);
  document.documentElement.lang = state.lang === "zh" ? "zh-CN" : "en";
  document.title = t("title");
  $("title").textContent = t("title");
  $("summary").textContent = t("summary", values);
  $("note").textContent = t("note");
  $("language").textContent = t("other");
  $("made-by").textContent = data.made_by;
  drawCounts();
  drawFilters();
  refresh();
}

$("tools").addEventListener("input", refresh);
$("tools").addEventListener("submit", (event) => event.preventDefault());
$("more").addEventListener("click", () => drawMore($("findings").childElementCount + CHUNK));
$("language").addEventListener("click", () => {
  state.lang = state.lang === "zh" ? "en" : "zh";
  draw();
});
window.addEventListener("beforeprint", () => drawMore(state.shown.length));
draw();
