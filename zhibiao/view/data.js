// What the page was given, and its one mutable thing: the state. Loaded first; the files follow in this order:
// data.js table.js filters.js report.js page.js. Strings from reports reach the DOM as text only.
"use strict";

const SLOTS = ["indicator", "value", "unit", "growth", "year", "context"];
const $ = (id) => document.getElementById(id);
const settings = JSON.parse(document.querySelector("script.settings").textContent);
const reports = [...document.querySelectorAll("script.report")].map((block) => JSON.parse(block.textContent));
const texts = [...document.querySelectorAll("script.text")];
const records = reports.flatMap((report, r) =>
  report.records.map((record, index) => ({ ...record, report: r, index })),
);
records.forEach((record, at) => { record.n = at + 1; });
reports.forEach((report, r) => { report.records = records.filter((record) => record.report === r); });

const state = {
  lang: settings.lang, query: [], chosen: {}, sort: { key: "n", down: false },
  visible: records, rowOf: new Map(), active: null, clicked: null, shown: -1, segments: [],
};

// Words
const known = (key) => settings.messages[state.lang][key];
function t(key, values = {}) {
  return (known(key) ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}
const word = (family, value) => known(`${family}.${value}`) ?? value;
const count = (number) => number.toLocaleString("en-US");

function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name === "className" ? "class" : name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

