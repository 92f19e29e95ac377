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
let named = []; // those of an address that names several
let at = 0;
let answered = false;
let isPushed = false; // whether the open card is an entry of its own in the browser's history

/** A text without what phones and people write in different ways: capitals, accents, quotes, dashes, joiners.
 *
 * In Devanagari these are the dot below a letter, the signs of a nasal sound, and digits.
 */
function plain(text) {
  return text.toLowerCase()
    .replace(/[‘’‛′`´ʼʻ]/g, "'") // before NFKD, which makes an accent on a blank of ´
    .replace(/[“”„«»″]/g, '"')
    .normalize("NFKD")
    .replace(/([\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}])\p{M}+/gu, "$1") // other scripts need their marks
    .replace(/[‐‑‒–—―−]/g, "-")
    .replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, "")
    .replace(/\u093c/g, "")
    .replace(/ँ|ङ्(?=[क-घ])|ञ्(?=[च-झ])|ण्(?=[ट-ढ])|न्(?=[त-ध])|म्(?=[प-भ])/g, "ं")
    .replace(/[०-९]/g, (digit) => digit.charCodeAt(0) - "०".charCodeAt(0));
}

/** All that one can search for in a card; made when it is first searched, because the page opens faster without it. */
function words(each) {
  each.words ??= plain([each.id, ...[...each.querySelectorAll("template")].map((side) => side.content.textContent)].join(" "));
  return each.words;
}

function filter() {
  const typed = find("words").value.trim();
  const wanted = [...plain(typed).matchAll(/"([^"]+)"|[^\s"]+/g)].map((match) => match[1] ?? match[0]); // or a "phrase"
  const chosen = selects.filter((select) => select.value);
  listed = cards.filter((each) => {
    const tags = each.dataset.tags.split(" ");
    return chosen.every((select) => tags.includes(select.value)) && wanted.every((word) => words(each).includes(word));
  });
  const kept = new Set(listed);
  const isFiltered = wanted.length + chosen.length > 0;
  for (const each of cards) each.hidden = !kept.has(each);
  for (const section of sections) {
    const hits = section.querySelectorAll("li[data-tags]:not([hidden])").length;
    section.hidden = !hits;
    section.open = isFiltered;
    section.querySelector(".hits").textContent = inDigits(hits);
  }
  const names = [...chosen.map((select) => select.selectedOptions[0].dataset.name), ...(typed ? [`“${typed}”`] : [])];
  const what = listed.length ? sayCount(listed.length, "one_card", "many_cards") : say("no_cards");
  find("count").textContent = isFiltered ? `${what}: ${names.join(", ")}` : "";
  root.classList.toggle("filtered", isFiltered);
  find("none").hidden = listed.length > 0;
  const unknown = listed.length ? [] : wanted.filter((word) => !cards.some((each) => words(each).includes(word)));
  const those = unknown.map((word) => `“${word}”`).reduce((some, other) => (some ? say("either", { some, other }) : other), "");
  find("unknown").textContent = those ? `${say("no_card_has", { words: those })} ` : "";
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
  for (const link of card.querySelectorAll("a")) link.target = "_blank";
  find("position").textContent = say("place", { number: at + 1, count: studied.length });
  find("progress").max = studied.length;
  find("progress").value = at + 1;
  find("previous").disabled = at === 0;
  find("go").textContent = say(!back ? "show_answer" : isLast ? "done" : "next");
  // The state says after a reload that one goes on; a link from a chat has none.
  history.replaceState({ id: studied[at].id }, "", studied === named ? undefined : `#${studied[at].id}`);
  if (studied === first) remember("at", studied[at].id);
  const opens = !viewer.open;
  if (opens) viewer.showModal();
  // Not by the attribute `autofocus`, about which browsers complain if the address has a card.
  if (opens || !viewer.contains(document.activeElement) || document.activeElement.disabled) find("go").focus();
  const frame = find("frame");
  frame.scrollTop = 0;
  const [line, answerBox] = [card.querySelector("#answer"), card.querySelector(".answer")];
  if (back && answerBox.getBoundingClientRect().bottom > frame.getBoundingClientRect().bottom) {
    frame.scrollTop = line.getBoundingClientRect().top - frame.getBoundingClientRect().top;
  }
}

/** Keep which cards the window goes through, because phones close pages that are not looked at. */
function goThrough(those) {
  studied = those;
  remember("studied", those.map((each) => each.id).join(","));
}

function study(those, index = 0) {
  goThrough(those);
  isPushed = true; // so that the phone's Back closes the card, and not the page
  history.pushState(null, "");
  show(index);
}

const withIds = (ids) => ids.split(",").map((id) => cards.find((each) => each.id === id)).filter(Boolean);

const isSame = (some, others) => some.length === others.length && some.every((each, place) => each === others[place]);

/** Open the card of an address, or several cards with commas between their ids. A chat may have encoded it. */
function open(hash) {
  let id = hash.slice(1);
  try { id = decodeURIComponent(id); } catch { /* it is not encoded */ }
  named = withIds(id);
  if (!named.length) return;
  if (!listed.includes(named[0])) form.reset();
  const last = history.state?.id;
  const kept = last ? withIds(recall("studied") ?? "") : [];
  if (named.length > 1) studied = named;
  else if (kept.includes(named[0])) studied = isSame(kept, first) ? first : kept;
  else goThrough(listed);
  show(studied.findIndex((each) => each.id === (named.length > 1 ? last : named[0].id)));
}

// The cards of the level to learn now, in the order of learning.
const levels = start ? start.dataset.levels.split(" ") : [];
let level;
let first = [];

function toLevel(name) {
  level = levels.includes(name) ? name : levels[0];
  first = cards.filter((each) => each.dataset.level === level).sort((one, other) => one.dataset.due - other.dataset.due);
}

function labelStart() {
  const seen = first.findIndex((each) => each.id === recall("at"));
  start.textContent = seen > 0
    ? say("go_on", { number: seen + 1, count: first.length })
    : say("start_with", { cards: sayCount(first.length, "one_card", "many_cards"), level: level || say("all") });
  find("first").replaceChildren(first[Math.max(seen, 0)].querySelector("template").content.cloneNode(true));
}

/** Go on to the next level, or to the first one again. */
function finishLevel() {
  toLevel(levels[(levels.indexOf(level) + 1) % levels.length]);
  remember("level", level);
  remember("at", "");
}

const flip = () => show(at, !answered);
function go() {
  if (!answered) show(at, true);
  else if (at < studied.length - 1) show(at + 1);
  else {
    if (studied === first) finishLevel();
    viewer.close();
  }
}

form.addEventListener("input", (event) => {
  filter();
  if (event.target === find("words")) find("words").scrollIntoView(); // the results are between it and the keyboard
});
form.addEventListener("submit", (event) => { event.preventDefault(); find("words").blur(); });
form.addEventListener("reset", () => { for (const field of [find("words"), ...selects]) field.value = ""; filter(); });
find("study").addEventListener("click", () => study(listed));
find("go").addEventListener("click", go);
find("previous").addEventListener("click", (event) => {
  show(at - 1);
  if (event.detail) find("go").focus(); // after a tap, the space bar shows the answer
});
find("close").addEventListener("click", () => viewer.close());
card.addEventListener("click", (event) => {
  if (!event.target.closest("a, summary") && !String(getSelection())) flip(); // to select words turns no card
});
viewer.addEventListener("close", () => {
  if (isPushed) history.back();
  else history.replaceState(null, "", location.pathname + location.search);
  isPushed = false;
  if (start) labelStart();
});
addEventListener("popstate", () => {
  isPushed = false;
  if (viewer.open && !location.hash) viewer.close(); // with one, it goes to another card
});
addEventListener("keydown", (event) => {
  if (!viewer.open || event.ctrlKey || event.altKey || event.metaKey) return;
  const onButton = event.target.closest("button, a, summary");
  if ((event.key === " " || event.key === "Enter") && !onButton) go();
  else if (event.key === "ArrowRight" && at < studied.length - 1) show(at + 1);
  else if (event.key === "ArrowLeft" && at > 0) show(at - 1);
  else if (event.key === "ArrowDown") find("frame").scrollBy(0, 80);
  else if (event.key === "ArrowUp") find("frame").scrollBy(0, -80);
  else return;
  event.preventDefault();
});
for (const each of cards) {
  each.querySelector("a").addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab
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
  toLevel(recall("level"));
  labelStart();
  const begin = () => study(first, Math.max(first.findIndex((each) => each.id === recall("at")), 0));
  start.addEventListener("click", begin);
  find("first").addEventListener("click", begin);
}
filter();
if (location.hash) open(location.hash);
addEventListener("hashchange", () => open(location.hash));
