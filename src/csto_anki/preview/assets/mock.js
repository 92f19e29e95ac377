// A mock paper: drawn by the settings, one question after the other, then the marks and reasons; or all of it on paper.
const SECONDS = 72; // a question: the first paper of Prelims has 100 questions in 120 minutes
const RIGHT = 200; // hundredths of a mark
const WRONG = -66;
const all = [...find("questions").children];
const settings = find("settings");
const [paper, result] = [find("paper"), find("result")];
let drawn = []; // the questions of this paper
let chosen = []; // the number of the chosen option of each, or null
let at = 0;
let ends = 0; // the time at which the clock stops; 0 without one
let isWarned = false; // of the last minute
let isFinished = false;
let ticking = 0;

/** Store the paper in the browser, so that it is still there after a look at another page. */
function save() {
  remember("paper", JSON.stringify([drawn.map((each) => each.id), chosen, at, ends, isFinished]));
}

/** Go on with the stored paper; return whether there was one. */
function resume() {
  const [ids, marks, place, end, wasFinished] = recallList("paper");
  const found = Array.isArray(ids) ? ids.map((id) => all.find((each) => each.id === id)) : [];
  if (!found.length || !found.every(Boolean) || !Array.isArray(marks) || marks.length !== found.length) return false;
  [drawn, chosen, ends] = [found, marks, Number(end) || 0];
  if (wasFinished) finish();
  else showPaper(Math.min(Number(place) || 0, drawn.length - 1));
  return true;
}

const side = (question, number) => question.querySelectorAll("template")[number].content.cloneNode(true);
const options = (element) => [...element.querySelectorAll(".options li")];
const rightOption = (question) => options(question.querySelector("template").content).findIndex((each) => each.matches(".key"));
const missed = () => new Set(recallList("missed"));

/** A stored list; empty if nothing is stored, or something else. */
function recallList(name) {
  try {
    const stored = JSON.parse(recall(name));
    return Array.isArray(stored) ? stored : [];
  } catch { return []; }
}

function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/** The questions that fit the settings. */
function fitting() {
  const [level, form] = ["level", "form"].map((id) => (find(id) ? find(id).value : ""));
  const again = find("again").checked ? missed() : null;
  return all.filter((each) => (!level || each.dataset.level === level) && (!form || each.dataset.form === form)
    && (!again || again.has(each.id)));
}

/** How many questions are wanted, of so many that fit. */
function wanted(count) {
  return Math.min(Number(settings.elements.number.value) || Infinity, count); // or "all"
}

/** Draw as many of the fitting questions as are wanted, in any order. */
function draw() {
  const left = fitting();
  drawn = Array.from({ length: wanted(left.length) }, () => left.splice(Math.floor(Math.random() * left.length), 1)[0]);
  chosen = drawn.map(() => null);
}

const sayQuestions = (number) => sayCount(number, "one_question", "many_questions");
const inMinutes = (number) => say("in_minutes", { questions: sayQuestions(number), minutes: Math.round((number * SECONDS) / 60) });

function showWhatFits() {
  const count = fitting().length;
  const number = wanted(count);
  const questions = find("timed").checked ? inMinutes(number) : sayQuestions(number);
  find("available").textContent = number ? say("of_fitting", { questions, count }) : say("none_fits");
  for (const button of [settings.querySelector("[type=submit]"), find("print")]) button.disabled = !number;
}

function showSettings() {
  clearInterval(ticking);
  [paper.hidden, result.hidden, settings.hidden] = [true, true, false];
  const ids = missed();
  const again = all.filter((each) => ids.has(each.id)).length;
  find("again_line").hidden = !again;
  find("again_count").textContent = say("only_missed", { count: again });
  find("again").checked &&= again > 0;
  showWhatFits();
}

function begin() {
  draw();
  ends = find("timed").checked ? Date.now() + drawn.length * SECONDS * 1000 : 0;
  showPaper(0);
}

/** Show the drawn paper, from a question on, and start its clock. */
function showPaper(number) {
  isFinished = isWarned = false;
  find("clock").textContent = find("warning").textContent = "";
  [settings.hidden, result.hidden, paper.hidden] = [true, true, false];
  show(number);
  clearInterval(ticking);
  if (!ends) return;
  ticking = setInterval(tick, 500);
  tick();
}

function tick() {
  const left = Math.max(0, Math.round((ends - Date.now()) / 1000));
  find("clock").textContent = inDigits(`${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`);
  if (left <= 60 && !isWarned) {
    isWarned = true;
    find("warning").textContent = say("one_minute_left");
  }
  if (left) return;
  finish();
  find("counts").textContent = say("time_is_up", { counts: find("counts").textContent });
}

/** The front of a question, its options as radio buttons. */
function answerable(question, number) {
  const front = side(question, 0);
  const list = front.querySelector(".options");
  const group = make("div", { className: "options" });
  front.querySelector(".question").id = "_asked";
  group.setAttribute("role", "radiogroup");
  group.setAttribute("aria-labelledby", "_asked");
  options(front).forEach((option, place) => {
    const radio = make("input", { type: "radio", name: "option", value: place, checked: chosen[number] === place });
    radio.addEventListener("change", () => choose(place));
    group.append(make("label", {}, radio, make("span", {}, ...option.childNodes)));
  });
  list.replaceWith(group);
  return front;
}

/** Mark an option of this question, or none. */
function choose(place) {
  chosen[at] = place;
  for (const radio of find("question").querySelectorAll("input")) radio.checked = place !== null && Number(radio.value) === place;
  labelButtons();
  save();
}

function labelButtons() {
  const isLast = at === drawn.length - 1;
  find("next").textContent = say(isLast ? "finish" : chosen[at] === null ? "skip" : "next");
  find("finish").hidden = isLast;
  find("next").classList.toggle("main", isLast || chosen[at] !== null);
  find("clear").hidden = chosen[at] === null;
}

function show(number) {
  at = number;
  find("question").replaceChildren(answerable(drawn[at], at));
  find("where").textContent = say("place", { number: at + 1, count: drawn.length });
  find("progress").max = drawn.length;
  find("progress").value = at + 1;
  find("back").disabled = at === 0;
  labelButtons();
  save();
  find("where").focus({ preventScroll: true });
  scrollTo(0, 0);
}

function finish() {
  clearInterval(ticking);
  isFinished = true;
  save();
  [settings.hidden, paper.hidden, result.hidden] = [true, true, false];
  const verdicts = drawn.map((question, number) =>
    chosen[number] === null ? "skipped" : chosen[number] === rightOption(question) ? "right" : "wrong");
  const count = (verdict) => verdicts.filter((each) => each === verdict).length;
  const marks = ((count("right") * RIGHT + count("wrong") * WRONG) / 100).toFixed(2).replace("-", "−");
  find("score").textContent = say("score", { marks: inDigits(marks), count: drawn.length * 2 });
  find("counts").textContent = say("verdicts", { right: count("right"), wrong: count("wrong"), skipped: count("skipped") });
  find("answers").replaceChildren(...drawn.map((question, number) => answered(question, number, verdicts[number])));
  night(isNight()); // of these cards, too
  const again = new Map(); // each card once, by its address
  const stillMissed = missed();
  drawn.forEach((question, number) => {
    stillMissed[verdicts[number] === "right" ? "delete" : "add"](question.id);
    if (verdicts[number] === "right") return;
    for (const line of side(question, 2).children) again.set(line.firstChild.getAttribute("href").split("#")[1], line);
  });
  remember("missed", JSON.stringify([...stillMissed]));
  find("look").querySelector("ul").replaceChildren(...again.values());
  find("study").href = `index.html#${[...again.keys()].join(",")}`;
  find("look").querySelector("small").textContent = inDigits(again.size);
  find("look").hidden = !again.size;
  find("score").focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** Finish, or go to the first question that has no answer. */
function askToFinish() {
  const left = chosen.filter((each) => each === null).length;
  if (!left || confirm(sayCount(left, "one_left", "many_left"))) finish();
  else show(chosen.indexOf(null));
}

/** A question with both sides, folded; the chosen option is marked. */
function answered(question, number, verdict) {
  const whole = make("div", { className: "card" }, side(question, 0), side(question, 1));
  if (chosen[number] !== null) {
    const option = options(whole)[chosen[number]];
    option.classList.add("chosen");
    option.append(` · ${say("your_answer")}`);
  }
  const mark = { right: "✓ ", wrong: "✗ ", skipped: "" }[verdict] + say(verdict);
  whole.querySelector("hr").removeAttribute("id"); // there are many of it on this page
  const about = whole.querySelector(".about") || whole.querySelector(".question");
  const summary = make("summary", {}, make("b", { textContent: `${inDigits(number + 1)}. ${mark}` }), ` · ${about.textContent}`);
  return make("details", { className: `kind ${verdict}` }, summary, whole);
}

/** Put the drawn questions on paper, without answers, and their key with reasons after them. */
function typeset() {
  find("rules").textContent = say("rules", { questions: inMinutes(drawn.length) });
  find("printed_questions").replaceChildren(...drawn.map((question, number) => numbered(number, side(question, 0))));
  find("printed_key").replaceChildren(...drawn.map((question, number) => {
    const back = side(question, 1);
    return numbered(number, make("div", { className: "back" }, back.querySelector(".answer"), back.querySelector(".reasons")));
  }));
}

function numbered(number, content) {
  return make("div", { className: "numbered" }, make("b", { textContent: `${inDigits(number + 1)}.` }), make("div", { className: "card" }, content));
}

settings.addEventListener("input", showWhatFits);
settings.addEventListener("submit", (event) => { event.preventDefault(); begin(); });
paper.addEventListener("submit", (event) => {
  event.preventDefault();
  if (at < drawn.length - 1) show(at + 1);
  else askToFinish();
});
find("back").addEventListener("click", () => show(at - 1));
find("finish").addEventListener("click", askToFinish);
find("clear").addEventListener("click", () => choose(null));
find("new").addEventListener("click", () => {
  drawn = [];
  save();
  showSettings();
  settings.elements.number[0].focus();
});
for (const id of ["print", "print_result"]) find(id).addEventListener("click", () => print());
addEventListener("beforeprint", () => { if (!settings.hidden) draw(); typeset(); });
addEventListener("keydown", (event) => {
  if (paper.hidden || event.ctrlKey || event.altKey || event.metaKey) return;
  const radio = find("question").querySelectorAll("input")["abcd".indexOf(event.key.toLowerCase())];
  if (!radio) return;
  radio.focus();
  choose(Number(radio.value));
});
if (!resume()) showSettings();
