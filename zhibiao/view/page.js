// A record and its evidence, there and back, by mouse and by keyboard.

function spansOf(record) {
  return state.segments.filter((element) => element.marks?.some(([, index]) => index === record.index));
}
function unmark() {
  for (const element of $("text").querySelectorAll(".evidence, .active")) {
    element.classList.remove("evidence", "active");
    delete element.dataset.tag;
    delete element.dataset.role;
  }
}
function mark(record) {
  unmark();
  const [from, to] = record.e ?? [0, 0];
  for (const element of state.segments.slice(from, to)) element.classList.add("evidence");
  let tagged = null;
  let previous = -2;
  for (const element of spansOf(record)) {
    const slot = element.slots.find((name) => element.marks.some(([s, index]) => s === name && index === record.index));
    element.classList.add("active");
    element.dataset.role = slot;
    if (slot !== tagged || element.segment !== previous + 1) element.dataset.tag = word("slot", slot)[0].toUpperCase();
    [tagged, previous] = [slot, element.segment];
  }
}
function select(record, { scrollText = true, scrollRow = true } = {}) {
  state.active = record;
  showReport(record.report);
  mark(record);
  rowFor(record);
  const row = markRow();
  if (row && scrollRow) row.scrollIntoView({ block: "nearest" });
  stopAt(anchorOf(record));
  if (scrollText) scrollToEvidence(record);
  drawDetail();
  drawCount();
}
function anchorOf(record) {
  const spans = spansOf(record);
  const inEvidence = spans.find((element) => element.classList.contains("evidence"));
  return inEvidence ?? spans[0] ?? state.segments[record.e?.[0] ?? -1];
}
function scrollToEvidence(record) {
  const anchor = anchorOf(record);
  anchor?.scrollIntoView({ block: "center" });
  // Lines that were never drawn have an estimated height until now, so the first jump may land beside the mark.
  requestAnimationFrame(() => anchor?.scrollIntoView({ block: "center" }));
}
function drawDetail() {
  const record = state.active;
  $("detail").hidden = !record;
  if (!record) return;
  const words = new Set(["kind", "method", "measure", "period_kind"]);
  const pairs = Object.entries(record.f).filter(([name]) => name !== "indicator" && known(`field.${name}`));
  const shown = pairs.map(([name, value]) => make("div", { className: `f-${name}` },
    make("dt", {}, t(`field.${name}`)),
    make("dd", {}, words.has(name) ? word(name, value) : value)));
  $("detail").replaceChildren(
    make("h3", {}, `#${record.n} ${record.f.indicator}`),
    ...(record.ok ? [] : [make("p", { className: "notice" }, t("misfit"))]),
    make("dl", {}, ...shown),
  );
  $("detail").scrollTop = 0;
}
function goToText(record) {
  showPane("report");
  select(record);
  focusMark(anchorOf(record));
}
function goToRow(record) {
  showPane("records");
  const row = rowFor(record);
  if (row) {
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "center" });
  } else $("clear").focus();
}
function stopAt(element) {
  if (!element) return;
  const stop = $("text").querySelector('[tabindex="0"]');
  if (stop) stop.tabIndex = -1;
  element.tabIndex = 0;
}
function focusMark(element) {
  if (!element) return;
  stopAt(element);
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
}
// A mark may belong to many records: stay with the selected one, else prefer one that the table shows.
function recordsAt(element) {
  const indexes = [...new Set(element.marks.map(([, index]) => index))];
  return indexes.map((index) => reports[state.shown].records[index]);
}
function recordAt(element, { next = false } = {}) {
  const candidates = recordsAt(element);
  const at = candidates.indexOf(state.active);
  if (at >= 0) return candidates[(at + (next ? 1 : 0)) % candidates.length];
  return candidates.find((record) => state.visible.includes(record)) ?? candidates[0];
}
function showPane(name) {
  document.body.dataset.pane = name;
  $("to-records").setAttribute("aria-pressed", String(name === "records"));
  $("to-report").setAttribute("aria-pressed", String(name === "report"));
}
const isNarrow = () => getComputedStyle(document.querySelector(".tabs")).display !== "none";

// Events
function clickRow(event) {
  const row = event.target.closest("tr");
  if (!row?.record) return;
  if (isNarrow()) {
    goToText(row.record);
    return;
  }
  select(row.record, { scrollRow: false });
  row.focus({ preventScroll: true });
}
function clickMark(event) {
  const element = event.target.closest(".m");
  if (!element) return;
  const record = recordAt(element, { next: state.clicked === element });
  state.clicked = element;
  select(record, { scrollText: false });
  focusMark(element);
  tellShared(element);
  if (!isNarrow()) goToRow(record);
}
function tellShared(element) {
  const number = recordsAt(element).length;
  if (number > 1) $("count").textContent += ` · ${t("shares", { count: number })}`;
}

const PAGE = 10;
function keyInTable(event) {
  const row = event.target.closest("tr");
  if (!row?.record) return;
  const at = state.visible.indexOf(row.record);
  const last = state.visible.length - 1;
  const to = {
    ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + PAGE, PageUp: at - PAGE, Home: 0, End: last,
  }[event.key];
  if (to !== undefined) {
    const record = state.visible[Math.min(Math.max(to, 0), last)];
    select(record);
    rowFor(record).focus({ preventScroll: true });
  } else if (event.key === "Enter" || event.key === " ") goToText(row.record);
  else return;
  event.preventDefault();
}
function keyInText(event) {
  const element = event.target.closest(".m");
  if (!element) return;
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (step) moveMark(element, step);
  else if (event.key === "Enter") goToRow(recordAt(element));
  else if (event.key === " ") select(recordAt(element, { next: true }), { scrollText: false });
  else return;
  if (event.key === " ") tellShared(element);
  event.preventDefault();
}
function moveMark(element, step) {
  let to = element.segment + step;
  while (state.segments[to] && !state.segments[to].marks) to += step;
  const next = state.segments[to];
  if (!next) return;
  select(recordAt(next), { scrollText: false });
  focusMark(next);
}
function keyAnywhere(event) {
  const typing = event.target.matches("input, select");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    showPane("records");
    $("search").focus();
    $("search").select();
  } else if (event.key === "Escape" && event.target.closest("#report-pane")) {
    if (state.active) goToRow(state.active);
  }
}
function keyInSearch(event) {
  if (event.key === "Escape") {
    $("search").value = "";
    search();
  } else if (event.key === "Enter" || event.key === "ArrowDown") {
    const record = state.visible[0];
    if (!record) return;
    select(record);
    goToRow(record);
  } else return;
  event.preventDefault();
}

function translate() {
  document.documentElement.lang = state.lang === "zh" ? "zh-CN" : "en";
  const title = settings.title ?? t("title");
  document.title = title;
  $("title").textContent = title;
  $("summary").textContent = t("summary", { reports: count(reports.length), records: count(records.length) });
  $("language").textContent = t("other");
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-t-label]")) element.setAttribute("aria-label", t(element.dataset.tLabel));
  $("search").placeholder = t("search_hint");
  $("made-by").textContent = settings.made_by;
  drawKeys();
}
function drawKeys() {
  const keys = [["/", "search"], ["↑ ↓ ← →", "move"], ["Enter", "go"], ["Space", "next"], ["Esc", "back"]];
  $("keys").replaceChildren(...keys.flatMap(([key, does]) => [make("kbd", {}, key), ` ${t(`key.${does}`)}　`]));
}
function draw() {
  translate();
  drawColumns();
  drawFilters();
  drawLegend();
  refresh();
  if (state.shown >= 0) {
    drawReportHead();
    describeMarks();
  }
  if (state.active) select(state.active);
}

$("body").addEventListener("click", clickRow);
$("body").addEventListener("keydown", keyInTable);
$("rows").addEventListener("scroll", () => {
  const { scrollTop, clientHeight, scrollHeight } = $("rows");
  if (scrollTop + clientHeight > scrollHeight - 800) drawRows(state.rowOf.size + CHUNK);
});
$("text").addEventListener("click", clickMark);
$("text").addEventListener("keydown", keyInText);
$("search").addEventListener("input", search);
$("search").addEventListener("keydown", keyInSearch);
$("clear").addEventListener("click", clear);
$("shown").addEventListener("change", () => {
  showReport($("shown").selectedIndex);
  if (state.active?.report === state.shown) mark(state.active);
});
$("to-records").addEventListener("click", () => {
  showPane("records");
  if (state.active) goToRow(state.active);
});
$("to-report").addEventListener("click", () => showPane("report"));
$("language").addEventListener("click", () => {
  state.lang = state.lang === "zh" ? "en" : "zh";
  draw();
});
document.addEventListener("keydown", keyAnywhere);
window.addEventListener("beforeprint", () => drawRows(state.visible.length));

$("shown").append(...reports.map((report) => make("option", {}, nameOf(report))));
$("shown").hidden = reports.length < 2;
showPane("records");
draw();
if (reports.length) showReport(0);
