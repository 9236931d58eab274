// Which records the table shows: search and filters.

const filters = [
  { key: "report", of: (r) => r.report, label: (value) => nameOf(reports[value]) },
  { key: "district", of: field("district") },
  { key: "year", of: field("year") },
  { key: "kind", of: field("kind"), label: (value) => word("kind", value) },
  { key: "method", of: field("method"), label: (value) => word("method", value) },
  { key: "code", of: field("indicator_code") },
].map((filter) => ({ ...filter, values: tally(filter.of) })).filter((filter) => filter.values.length > 1);

function tally(of) {
  const counts = new Map();
  for (const record of records) counts.set(of(record), (counts.get(of(record)) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a === undefined) - (b === undefined) || collator.compare(a, b));
}
const fold = (words) => words.normalize("NFKC").toLowerCase();
function haystack(record) {
  record.hay ??= fold([nameOf(reports[record.report]), ...Object.values(record.f)].join("\n"));
  return record.hay;
}
function passes(record) {
  return filters.every(({ key, of }) => !(key in state.chosen) || of(record) === state.chosen[key])
    && state.query.every((term) => haystack(record).includes(term));
}
function drawFilters() {
  $("filters").replaceChildren(...filters.map(({ key, label, values }) => {
    const select = make("select", { id: `filter-${key}` }, make("option", {}, t("all")),
      ...values.map(([value, number]) => {
        const name = value === undefined ? t("none") : label ? label(value) : value;
        return make("option", {}, `${name} (${count(number)})`);
      }));
    select.selectedIndex = key in state.chosen ? values.findIndex(([value]) => value === state.chosen[key]) + 1 : 0;
    select.addEventListener("change", () => choose(key, select.selectedIndex - 1, values));
    return make("label", {}, make("span", {}, t(`filter.${key}`)), select);
  }));
}
function choose(key, at, values) {
  if (at < 0) delete state.chosen[key];
  else state.chosen[key] = values[at][0];
  if (key === "report" && at >= 0) showReport(values[at][0]);
  refresh();
}
function search() {
  state.query = fold($("search").value).split(/\s+/).filter(Boolean);
  refresh();
}
function clear() {
  state.chosen = {};
  $("search").value = "";
  drawFilters();
  search();
  const row = state.active && rowFor(state.active);
  row?.scrollIntoView({ block: "center" });
  $("search").focus();
}

