// Shows the plots of one place, or those whose name holds the words.
"use strict";

const figures = [...document.querySelectorAll("figure")];
const search = document.getElementById("search");
const place = document.getElementById("place");

function refresh() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const figure of figures) {
    const name = figure.dataset.name.toLowerCase();
    const here = !place.value || figure.dataset.place === place.value;
    figure.hidden = !here || !words.every((word) => name.includes(word));
  }
}
const tools = document.getElementById("tools");
tools.addEventListener("input", refresh);
tools.addEventListener("submit", (event) => event.preventDefault());
