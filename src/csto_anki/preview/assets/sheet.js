// The level that is printed.
const rows = [...document.querySelectorAll("tr[data-level]")];
const level = find("level");

function choose() {
  for (const row of rows) row.hidden = Boolean(level && level.value) && row.dataset.level !== level.value;
  find("count").textContent = sayCount(rows.filter((row) => !row.hidden).length, "one_fact", "many_facts");
}

if (level) level.addEventListener("input", choose);
find("levels").addEventListener("submit", (event) => event.preventDefault());
find("print").addEventListener("click", () => print());
choose();
