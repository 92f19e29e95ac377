// The search, and the window that shows one card after the other.
const cards = [...document.querySelectorAll("li[data-tags]")];
const sections = [...document.querySelectorAll(".kind:not(.drawn)")];
const form = find("filter");
const selects = [...form.querySelectorAll("select")];
const viewer = find("viewer");
const card = find("card");
const start = find("start");
let listed = cards;
let studied = []; // the cards that the window goes through
let at = 0;
let answered = false;

/** A text without what phones and people write in different ways: capitals, accents, quotes, dashes, joiners. */
function plain(text) {
  return text.toLowerCase().normalize("NFKD")
    .replace(/([\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}])\p{M}+/gu, "$1") // other scripts need their marks
    .replace(/[‘’‛′`´ʼ]/g, "'")
    .replace(/[“”„«»"]/g, " ")
    .replace(/[‐‑‒–—―−]/g, "-")
    .replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, "");
}

/** All that one can search for in a card; made when it is first searched, because the page opens faster without it. */
function words(each) {
  each.words ??= plain([each.id, ...[...each.querySelectorAll("template")].map((side) => side.content.textContent)].join(" "));
  return each.words;
}

function filter() {
  const typed = find("words").value.trim();
  const wanted = plain(typed).split(/\s+/).filter(Boolean);
  const chosen = selects.filter((select) => select.value);
  listed = cards.filter((each) => {
    const tags = each.dataset.tags.split(" ");
    return chosen.every((select) => tags.includes(select.value)) && wanted.every((word) => words(each).includes(word));
  });
  const kept = new Set(listed);
  const isFiltered = wanted.length + chosen.length > 0;
  for (const each of cards) each.hidden = !kept.has(each);
  for (const section of sections) {
    section.hidden = !section.querySelector("li[data-tags]:not([hidden])");
    section.open = isFiltered;
  }
  const said = [...chosen.map((select) => select.value.replace("news::", "new in ")), ...(typed ? [`“${typed}”`] : [])];
  const what = listed.length === 1 ? "1 card" : `${listed.length || "No"} cards`;
  find("count").textContent = isFiltered ? `${what}: ${said.join(", ")}` : "";
  find("none").hidden = listed.length > 0;
  form.querySelector("[type=reset]").hidden = !isFiltered;
  find("study").hidden = !isFiltered || !listed.length;
}

/** Show a card of the studied ones, with or without its answer. */
function show(index, back = false) {
  at = Math.min(Math.max(index, 0), studied.length - 1);
  answered = back;
  const isLast = at === studied.length - 1;
  const [question, answer] = studied[at].querySelectorAll("template");
  card.replaceChildren(question.content.cloneNode(true));
  if (back) card.append(answer.content.cloneNode(true));
  find("position").textContent = `${at + 1} of ${studied.length}`;
  find("progress").max = studied.length;
  find("progress").value = at + 1;
  find("previous").disabled = at === 0;
  find("next").disabled = isLast;
  find("go").textContent = !back ? "Show answer" : isLast ? "Done" : "Next";
  history.replaceState(null, "", `#${studied[at].id}`);
  if (studied === first) remember("at", studied[at].id);
  if (!viewer.open) viewer.showModal();
  const line = back && card.querySelector("#answer");
  find("frame").scrollTop = line ? Math.max(line.offsetTop - card.offsetTop - 120, 0) : 0;
}

function study(those, index = 0) {
  studied = those;
  show(index);
}

/** Open the card of an address. A chat may have encoded the id. */
function open(hash) {
  let id = hash.slice(1);
  try { id = decodeURIComponent(id); } catch { /* it is not encoded */ }
  if (!cards.some((each) => each.id === id)) return;
  if (!listed.some((each) => each.id === id)) form.reset();
  study(listed, listed.findIndex((each) => each.id === id));
}

// The cards to learn first, in the order of learning.
const isFirst = (each) => !start.dataset.level || each.dataset.tags.split(" ").includes(start.dataset.level);
const first = start ? cards.filter(isFirst).sort((one, other) => one.dataset.due - other.dataset.due) : [];

function nameStart() {
  const seen = first.findIndex((each) => each.id === recall("at"));
  const isContinued = seen > 0;
  start.textContent = isContinued
    ? `Continue: card ${seen + 1} of ${first.length}` : `Start: ${first.length} cards (${start.dataset.name})`;
  find("first").replaceChildren(first[Math.max(seen, 0)].querySelector("template").content.cloneNode(true));
}

const flip = () => show(at, !answered);
function go() {
  if (!answered) show(at, true);
  else if (at < studied.length - 1) show(at + 1);
  else viewer.close();
}

form.addEventListener("input", (event) => {
  filter();
  if (event.target === find("words")) form.scrollIntoView(); // above the keyboard, the results are below the field
});
form.addEventListener("submit", (event) => { event.preventDefault(); find("words").blur(); });
form.addEventListener("reset", () => { for (const field of [find("words"), ...selects]) field.value = ""; filter(); });
find("study").addEventListener("click", () => study(listed));
find("go").addEventListener("click", go);
for (const [id, step] of [["previous", -1], ["next", 1]]) {
  find(id).addEventListener("click", (event) => {
    show(at + step);
    if (event.detail) find("go").focus(); // after a tap, the space bar shows the answer
  });
}
find("close").addEventListener("click", () => viewer.close());
card.addEventListener("click", (event) => { if (!event.target.closest("a, summary, button")) flip(); });
viewer.addEventListener("close", () => {
  history.replaceState(null, "", location.pathname + location.search);
  if (start) nameStart();
});
addEventListener("keydown", (event) => {
  if (!viewer.open) return;
  const onButton = event.target.closest("button, a, summary");
  if ((event.key === " " || event.key === "Enter") && !onButton) go();
  else if (event.key === "ArrowRight" && at < studied.length - 1) show(at + 1);
  else if (event.key === "ArrowLeft") show(at - 1);
  else return;
  event.preventDefault();
});
for (const each of cards) {
  each.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    study(listed, listed.indexOf(each));
  });
}
for (const button of document.querySelectorAll("button[data-tag]")) {
  button.addEventListener("click", () => {
    form.reset();
    selects.find((select) => [...select.options].some((each) => each.value === button.dataset.tag)).value = button.dataset.tag;
    filter();
    form.scrollIntoView();
  });
}
if (start) {
  nameStart();
  const begin = () => study(first, Math.max(first.findIndex((each) => each.id === recall("at")), 0));
  start.addEventListener("click", begin);
  find("first").addEventListener("click", begin);
}
filter();
if (location.hash) open(location.hash);
addEventListener("hashchange", () => open(location.hash));
