// The errors of one cause, of one report, with the words that are searched for.
"use strict";
const cards = [...document.querySelectorAll(".card")];
const field = (id) => document.getElementById(id);

function fits(card) {
  const words = field("search").value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const text = card.textContent.toLowerCase();
  return ["cause", "report"].every((name) => !field(name).value || card.dataset[name] === field(name).value)
    && words.every((word) => text.includes(word));
}

function show() {
  const chosen = cards.filter(fits);
  const kept = new Set(chosen);
  for (const card of cards) card.hidden = !kept.has(card);
  field("nothing").hidden = chosen.length > 0;
  field("shown").textContent = field("shown").dataset.words
    .replace("{shown}", chosen.length).replace("{count}", cards.length);
}

if (cards.length) {
  for (const id of ["cause", "report", "search"]) field(id).addEventListener("input", show);
  show();
}
