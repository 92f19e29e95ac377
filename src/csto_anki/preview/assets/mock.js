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
let ticking = 0;

const side = (question, number) => question.querySelectorAll("template")[number].content.cloneNode(true);
const options = (element) => [...element.querySelectorAll(".options li")];
const rightOption = (question) => options(question.querySelector("template").content).findIndex((each) => each.matches(".key"));
const missed = () => new Set(JSON.parse(recall("missed") || "[]"));

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

function wanted() {
  const number = Number(settings.elements.number.value) || Infinity;
  return Math.min(number, fitting().length);
}

/** Draw as many of the fitting questions as are wanted, in any order. */
function draw() {
  const left = fitting();
  drawn = Array.from({ length: wanted() }, () => left.splice(Math.floor(Math.random() * left.length), 1)[0]);
  chosen = drawn.map(() => null);
}

function sayWhatFits() {
  const number = wanted();
  const some = number === 1 ? "1 question" : `${number} questions`;
  const time = find("timed").checked && number ? ` in ${Math.round((number * SECONDS) / 60)} minutes` : "";
  find("available").textContent = number ? `${some}${time}, of ${fitting().length} that fit` : "No question fits. Choose another level or form.";
  for (const button of [settings.querySelector("[type=submit]"), find("print")]) button.disabled = !number;
}

function toSettings() {
  clearInterval(ticking);
  [paper.hidden, result.hidden, settings.hidden] = [true, true, false];
  const again = all.filter((each) => missed().has(each.id)).length;
  find("again_line").hidden = !again;
  find("again_count").textContent = again;
  find("again").checked &&= again > 0;
  sayWhatFits();
}

function begin() {
  draw();
  const seconds = find("timed").checked ? drawn.length * SECONDS : 0;
  ends = seconds ? Date.now() + seconds * 1000 : 0;
  find("clock").textContent = "";
  clearInterval(ticking);
  if (ends) ticking = setInterval(tick, 500);
  [settings.hidden, result.hidden, paper.hidden] = [true, true, false];
  find("warning").textContent = "";
  show(0);
  if (ends) tick();
}

function tick() {
  const left = Math.max(0, Math.round((ends - Date.now()) / 1000));
  find("clock").textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  if (left === 60) find("warning").textContent = "One minute left";
  if (!left) finish();
}

/** The front of a question, its options as radio buttons. */
function answerable(question, number) {
  const front = side(question, 0);
  const list = front.querySelector(".options");
  const group = make("fieldset", { className: "options" }, make("legend", { className: "spoken", textContent: "Options" }));
  options(front).forEach((option, place) => {
    const radio = make("input", { type: "radio", name: "option", value: place, checked: chosen[number] === place });
    radio.addEventListener("change", () => { chosen[number] = place; nameNext(); });
    group.append(make("label", {}, radio, make("span", {}, ...option.childNodes)));
  });
  list.replaceWith(group);
  return front;
}

function nameNext() {
  const isLast = at === drawn.length - 1;
  find("next").textContent = isLast ? "Finish" : chosen[at] === null ? "Skip" : "Next";
}

function show(number) {
  at = number;
  find("question").replaceChildren(answerable(drawn[at], at));
  find("where").textContent = `Question ${at + 1} of ${drawn.length}`;
  find("progress").max = drawn.length;
  find("progress").value = at + 1;
  find("back").disabled = at === 0;
  nameNext();
  find("where").focus({ preventScroll: true });
  scrollTo(0, 0);
}

function finish() {
  clearInterval(ticking);
  [paper.hidden, result.hidden] = [true, false];
  const verdicts = drawn.map((question, number) =>
    chosen[number] === null ? "skipped" : chosen[number] === rightOption(question) ? "right" : "wrong");
  const count = (verdict) => verdicts.filter((each) => each === verdict).length;
  const marks = ((count("right") * RIGHT + count("wrong") * WRONG) / 100).toFixed(2).replace("-", "−");
  find("score").textContent = `${marks} of ${drawn.length * 2} marks`;
  find("counts").textContent = `${count("right")} right, ${count("wrong")} wrong, ${count("skipped")} skipped`;
  find("answers").replaceChildren(...drawn.map((question, number) => answered(question, number, verdicts[number])));
  const again = new Map(); // each card once
  const stillMissed = missed();
  drawn.forEach((question, number) => {
    stillMissed[verdicts[number] === "right" ? "delete" : "add"](question.id);
    if (verdicts[number] === "right") return;
    for (const line of side(question, 2).children) again.set(line.textContent, line);
  });
  remember("missed", JSON.stringify([...stillMissed]));
  find("look").querySelector("ul").replaceChildren(...again.values());
  find("look").querySelector("small").textContent = again.size;
  find("look").hidden = !again.size;
  find("score").focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** A question with both sides, folded; the chosen option is marked. */
function answered(question, number, verdict) {
  const whole = make("div", { className: "card" }, side(question, 0), side(question, 1));
  if (chosen[number] !== null) options(whole)[chosen[number]].classList.add("chosen");
  const mark = { right: "✓ right", wrong: "✗ wrong", skipped: "skipped" }[verdict];
  const about = whole.querySelector(".about") || whole.querySelector(".question");
  const summary = make("summary", {}, make("b", { textContent: `${number + 1}. ${mark}` }), ` · ${about.textContent}`);
  const folded = make("details", { className: `kind ${verdict}` }, summary, whole);
  for (const name of ["nightMode", "night_mode"]) whole.classList.toggle(name, isNight());
  return folded;
}

/** Put the drawn questions on paper, without answers, and their key with reasons after them. */
function typeset() {
  const minutes = Math.round((drawn.length * SECONDS) / 60);
  find("rules").textContent = `${drawn.length} questions in ${minutes} minutes. A right answer gives 2 marks, a wrong one takes 0.66.`;
  find("printed_questions").replaceChildren(...drawn.map((question, number) => numbered(number, side(question, 0))));
  find("printed_key").replaceChildren(...drawn.map((question, number) => {
    const back = side(question, 1);
    return numbered(number, make("div", { className: "back" }, back.querySelector(".answer"), back.querySelector(".reasons")));
  }));
}

function numbered(number, content) {
  return make("div", { className: "numbered" }, make("b", { textContent: `${number + 1}.` }), make("div", { className: "card" }, content));
}

settings.addEventListener("input", sayWhatFits);
settings.addEventListener("submit", (event) => { event.preventDefault(); begin(); });
paper.addEventListener("submit", (event) => {
  event.preventDefault();
  if (at < drawn.length - 1) show(at + 1);
  else finish();
});
find("back").addEventListener("click", () => show(at - 1));
find("finish").addEventListener("click", finish);
find("new").addEventListener("click", toSettings);
find("print").addEventListener("click", () => { draw(); print(); });
find("print_result").addEventListener("click", () => print());
addEventListener("beforeprint", () => { if (!drawn.length) draw(); typeset(); });
addEventListener("keydown", (event) => {
  if (paper.hidden || event.ctrlKey || event.altKey || event.metaKey) return;
  const radio = find("question").querySelectorAll("input")["abcd".indexOf(event.key)];
  if (radio) radio.click();
});
toSettings();
