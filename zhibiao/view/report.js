// The report's text with its marks, its head and its legend.

function drawSegment(segment, number) {
  if (typeof segment === "string") return make("span", {}, segment);
  const [quote, marks] = segment;
  const slots = [...new Set(marks.map(([slot]) => slot))].sort((a, b) => SLOTS.indexOf(a) - SLOTS.indexOf(b));
  const element = make("span", { className: `m ${slots.map((slot) => `s-${slot}`).join(" ")}`, tabindex: "-1", role: "button" }, quote);
  element.marks = marks;
  element.segment = number;
  element.slots = slots;
  return element;
}
function describeMarks() {
  for (const element of $("text").querySelectorAll(".m")) {
    const slots = element.slots.map((slot) => word("slot", slot)).join(" · ");
    const all = [...new Set(element.marks.map(([, index]) => `#${reports[state.shown].records[index].n}`))];
    const numbers = all.length > 6 ? `${all.slice(0, 5).join(" ")} … ${all.at(-1)}` : all.join(" ");
    element.setAttribute("aria-label", `${slots}: ${element.textContent} (${numbers})`);
    element.title = `${slots} ${numbers}`;
  }
}
function showReport(index) {
  if (state.shown === index) return;
  state.shown = index;
  const { quotes, passages } = JSON.parse(texts[index].textContent);
  state.segments = [];
  const drawLine = (line) => make("div", { className: "line" }, ...line.map((segment) => {
    const element = drawSegment(segment, state.segments.length);
    state.segments.push(element);
    return element;
  }));
  const drawPassage = (lines) => make("div", { className: quotes ? "passage quote" : "passage" }, ...lines.map(drawLine));
  $("text").replaceChildren(...passages.map(drawPassage));
  $("text").scrollTop = 0;
  const first = $("text").querySelector(".m");
  if (first) first.tabIndex = 0;
  drawReportHead();
  describeMarks();
}
function drawReportHead() {
  const report = reports[state.shown];
  $("shown").selectedIndex = state.shown;
  $("report-title").textContent = nameOf(report);
  const { publisher, district, report_year: year } = report.records[0]?.f ?? {};
  const checked = known(`state.${report.state}`) && !isWithoutText(report) ? t(`state.${report.state}`, { detail: report.detail ?? "" }) : null;
  const facts = [nameOf(report).includes(report.id) ? null : report.id, publisher, publisher ? null : district, year, t("records_of", { count: count(report.records.length) }), checked];
  $("facts").textContent = [...new Set(facts.filter(Boolean))].join(" · ");
  drawNotice(report);
}
const isWithoutText = (report) => ["missing", "changed", "unreadable"].includes(report.state);
function drawNotice(report) {
  const misfits = report.records.filter((record) => !record.ok).length;
  const lines = [
    isWithoutText(report) ? t(`state.${report.state}`, { detail: report.detail ?? "" }) : null,
    misfits ? t("misfits", { count: count(misfits) }) : null,
  ].filter(Boolean);
  $("notice").textContent = lines.join(" ");
  $("notice").hidden = lines.length === 0;
}
function drawLegend() {
  $("legend").replaceChildren(...SLOTS.map((slot) => {
    const button = make("button", { type: "button", className: `m s-${slot}` }, word("slot", slot));
    button.setAttribute("aria-pressed", String(!$("text").classList.contains(`hide-${slot}`)));
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(!$("text").classList.toggle(`hide-${slot}`)));
    });
    return make("li", {}, button);
  }));
}

