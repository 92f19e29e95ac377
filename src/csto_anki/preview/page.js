"use strict";
// The page also works if it is opened as a file: it loads nothing, and stores only the choice of day or night.
const find = (id) => document.getElementById(`_${id}`); // no id of a fact begins with an underscore
const cards = [...document.querySelectorAll("li[data-tags]")];
const sections = [...document.querySelectorAll("section")];
const form = find("filter");
const selects = [...form.querySelectorAll("select")];
const viewer = find("viewer");
const card = find("card");
let listed = cards;
let at = 0;
let answered = false;

const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
for (const each of cards) {
  const sides = [...each.querySelectorAll("template")].map((side) => side.content.textContent);
  each.words = plain([each.id, ...sides].join(" "));
}

function filter() {
  const words = plain(find("words").value).split(/\s+/).filter(Boolean);
  const wanted = selects.map((select) => select.value).filter(Boolean);
  listed = cards.filter((each) => {
    const tags = each.dataset.tags.split(" ");
    return wanted.every((tag) => tags.includes(tag)) && words.every((word) => each.words.includes(word));
  });
  const kept = new Set(listed);
  for (const each of cards) each.hidden = !kept.has(each);
  for (const section of sections) section.hidden = !section.querySelector("li[data-tags]:not([hidden])");
  const chosen = selects.filter((select) => select.value).map((select) => select.selectedOptions[0].textContent);
  const said = [...chosen, ...(words.length ? [`“${find("words").value.trim()}”`] : [])].join(", ");
  find("count").textContent = `${listed.length} of ${cards.length} cards${said ? `: ${said}` : ""}`;
  find("study").disabled = !listed.length;
}

function show(index, back = false) {
  at = Math.min(Math.max(index, 0), listed.length - 1);
  answered = back;
  const [question, answer] = listed[at].querySelectorAll("template");
  card.replaceChildren(question.content.cloneNode(true));
  if (back) card.append(answer.content.cloneNode(true));
  find("position").textContent = `${at + 1} of ${listed.length}`;
  find("previous").disabled = at === 0;
  find("next").disabled = at === listed.length - 1;
  find("flip").textContent = back ? "Show question" : "Show answer";
  history.replaceState(null, "", `#${listed[at].id}`);
  if (!viewer.open) viewer.showModal();
  const line = back && card.querySelector("#answer");
  find("frame").scrollTop = line ? Math.max(line.offsetTop - card.offsetTop - 120, 0) : 0;
}

function open(id) {
  if (!listed.some((each) => each.id === id)) form.reset();
  const index = listed.findIndex((each) => each.id === id);
  if (index >= 0) show(index);
}

function night(on) {
  document.documentElement.className = on ? "night" : "day";
  card.classList.toggle("nightMode", on);
  card.classList.toggle("night_mode", on);
  find("theme").setAttribute("aria-pressed", on);
}

const flip = () => show(at, !answered);
const dark = () => document.documentElement.className === "night";

form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => { for (const field of [find("words"), ...selects]) field.value = ""; filter(); });
find("study").addEventListener("click", () => show(0));
find("print").addEventListener("click", () => print());
find("flip").addEventListener("click", flip);
for (const [id, step] of [["previous", -1], ["next", 1]]) {
  find(id).addEventListener("click", (event) => {
    show(at + step);
    if (event.detail) find("flip").focus(); // after a tap, the space bar turns the card
  });
}
find("close").addEventListener("click", () => viewer.close());
find("width").addEventListener("click", () => {
  const wide = find("frame").classList.toggle("wide");
  find("width").setAttribute("aria-pressed", wide);
});
card.addEventListener("click", (event) => { if (!event.target.closest("a, summary, button")) flip(); });
viewer.addEventListener("close", () => history.replaceState(null, "", location.pathname + location.search));
addEventListener("keydown", (event) => {
  if (!viewer.open) return;
  const onButton = event.target.closest("button, a, summary");
  if ((event.key === " " || event.key === "Enter") && !onButton) flip();
  else if (event.key === "ArrowRight") show(at + 1);
  else if (event.key === "ArrowLeft") show(at - 1);
  else return;
  event.preventDefault();
});
for (const each of cards) {
  each.querySelector("a").addEventListener("click", (event) => { event.preventDefault(); open(each.id); });
}
for (const button of document.querySelectorAll("button[data-tag]")) {
  button.addEventListener("click", () => {
    form.reset();
    selects.find((select) => [...select.options].some((each) => each.value === button.dataset.tag)).value = button.dataset.tag;
    filter();
    find("count").scrollIntoView();
  });
}
find("theme").addEventListener("click", () => {
  night(!dark());
  try { localStorage.setItem("theme", dark() ? "night" : "day"); } catch { /* a page that is opened as a file may have no storage */ }
});

let stored = null;
try { stored = localStorage.getItem("theme"); } catch { /* as above */ }
night(stored ? stored === "night" : matchMedia("(prefers-color-scheme: dark)").matches);
filter();
if (location.hash) open(location.hash.slice(1));
addEventListener("hashchange", () => open(location.hash.slice(1)));
