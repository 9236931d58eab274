// The table: columns, order, rows that are drawn as one scrolls.

const CHUNK = 200; // rows added at a time

const titles = new Map();
for (const { title } of reports) titles.set(title, (titles.get(title) ?? 0) + 1);
// Many a report is called 政府工作报告, so its id tells it apart.
function nameOf({ title, id }) {
  if (title === null) return id;
  return titles.get(title) > 1 ? `${id} · ${title}` : title;
}
const differs = (values) => new Set(values).size > 1;
const field = (name) => (record) => record.f[name];
const collator = new Intl.Collator("zh-Hans-CN", { numeric: true });

const columns = [
  { key: "n", sort: (r) => r.n, cell: (r) => [r.ok ? null : warning(), String(r.n)] },
  { key: "indicator", sort: field("indicator"), cell: indicatorCell },
  { key: "value", sort: (r) => r.k.value, cell: valueCell },
  { key: "growth", sort: (r) => r.k.growth, cell: (r) => [growthOf(r)] },
  { key: "year", sort: (r) => r.k.year, cell: (r) => [r.f.year] },
  { key: "kind", sort: field("kind"), cell: (r) => [make("span", { className: `kind ${r.f.kind}` }, word("kind", r.f.kind))] },
  { key: "confidence", sort: (r) => r.k.confidence, cell: (r) => [r.f.confidence], needed: records.some((r) => r.f.confidence) },
  { key: "method", sort: field("method"), cell: (r) => [word("method", r.f.method)], needed: differs(records.map(field("method"))) },
  { key: "district", sort: field("district"), cell: (r) => [r.f.district], needed: differs(records.map(field("district"))) },
  { key: "report", sort: (r) => r.report, cell: (r) => [nameOf(reports[r.report])], needed: reports.length > 1 },
].filter((column) => column.needed !== false);

function warning() {
  return make("span", { className: "warning", title: t("misfit"), role: "img", "aria-label": t("misfit") }, "⚠");
}
function indicatorCell(record) {
  const context = record.f.indicator_context;
  const code = record.f.indicator_code;
  return [
    make("b", {}, record.f.indicator),
    context && make("small", {}, context),
    code && make("code", { title: code }, code),
  ];
}
function valueCell(record) {
  const { value_text: value, unit, qualifier } = record.f;
  if (value === undefined) return [];
  return [qualifier && make("small", { className: "qualifier" }, qualifier), value, unit && make("span", { className: "unit" }, ` ${unit}`)];
}
function growthOf(record) {
  const { growth_rate: rate, growth_unit: unit, growth_text: stated } = record.f;
  return rate === undefined ? stated : `${rate}${unit === "%" ? "%" : ` ${unit ?? ""}`}`;
}

function drawColumns() {
  $("columns").replaceChildren(...columns.map((column) => {
    const { key, down } = state.sort;
    const sorted = column.key !== key ? "none" : down ? "descending" : "ascending";
    const button = make("button", { type: "button" }, t(`column.${column.key}`));
    button.addEventListener("click", () => sortBy(column.key));
    return make("th", { role: "columnheader", scope: "col", className: `c-${column.key}`, "aria-sort": sorted }, button);
  }));
}
function sortBy(key) {
  state.sort = { key, down: state.sort.key === key && !state.sort.down };
  drawColumns();
  refresh();
  $("columns").querySelector(`.c-${key} button`).focus();
}
function compare(a, b) {
  const { key, down } = state.sort;
  const { sort } = columns.find((column) => column.key === key);
  const [x, y] = [sort(a), sort(b)];
  if (x === undefined || y === undefined) return (x === undefined) - (y === undefined) || a.n - b.n;
  const order = typeof x === "string" ? collator.compare(x, y) : x - y;
  return (down ? -order : order) || a.n - b.n;
}

function drawCell(record, column) {
  const cell = make("td", { role: "gridcell", className: `c-${column.key}` }, ...column.cell(record));
  if (column.key === "report" || column.key === "district") cell.title = cell.textContent; // it may be cut short
  return cell;
}
function drawRow(record, at) {
  const row = make("tr", { role: "row", "aria-rowindex": String(at + 2), "aria-selected": "false", tabindex: "-1" },
    ...columns.map((column) => drawCell(record, column)));
  row.record = record;
  state.rowOf.set(record, row);
  return row;
}
function drawRows(until) {
  const from = state.rowOf.size;
  const some = state.visible.slice(from, Math.max(until, from));
  $("body").append(...some.map((record, i) => drawRow(record, from + i)));
  if (some.includes(state.active)) markRow();
}
function refresh() {
  state.visible = records.filter(passes).sort(compare);
  state.rowOf = new Map();
  $("body").replaceChildren();
  $("grid").setAttribute("aria-rowcount", String(state.visible.length + 1));
  drawRows(CHUNK);
  $("nothing").hidden = state.visible.length > 0;
  $("rows").scrollTop = 0;
  markRow();
  drawCount();
}
function drawCount() {
  const hidden = state.active && !state.visible.includes(state.active);
  const line = t("count", { shown: count(state.visible.length), all: count(records.length) });
  $("count").textContent = hidden ? `${line} · ${t("hidden", { n: state.active.n })}` : line;
  $("clear").hidden = state.visible.length === records.length;
}
function rowFor(record) {
  const at = state.visible.indexOf(record);
  if (at >= state.rowOf.size) drawRows(at + CHUNK);
  return state.rowOf.get(record);
}
function markRow() {
  for (const row of $("body").querySelectorAll('[tabindex="0"]')) {
    row.tabIndex = -1;
    row.setAttribute("aria-selected", "false");
  }
  const row = state.rowOf.get(state.active); // none yet where it stands further down than is drawn
  if (row) row.setAttribute("aria-selected", "true");
  const stop = row ?? $("body").firstElementChild;
  if (stop) stop.tabIndex = 0;
  return row;
}

