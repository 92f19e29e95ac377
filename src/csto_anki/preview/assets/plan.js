// When each level is done, counted from today.
const DAY = 24 * 60 * 60 * 1000;
const REST = 14; // the last days before the exam, without new cards
const inputs = Object.fromEntries(["exam", "date", "daily", "seen"].map((name) => [name, find(name)]));
const levels = [...document.querySelectorAll("tr[data-cards]")];
const now = new Date();
const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());

/** A day as the cards have it. */
function inWords(time) {
  const date = new Date(time);
  return say("date_in_words", { day: date.getUTCDate(), month: said.months[date.getUTCMonth()], year: date.getUTCFullYear() });
}

function plan() {
  const [daily, seen] = [inputs.daily, inputs.seen].map((input) => input.valueAsNumber);
  const isWhole = Number.isInteger(daily) && Number.isInteger(seen) && daily >= 1 && seen >= 0;
  let cards = -seen;
  const done = levels.map((row) => {
    cards += Number(row.dataset.cards);
    const days = Math.max(0, Math.ceil(cards / daily));
    row.querySelector(".done").textContent = !isWhole ? "" : days ? inWords(today + (days - 1) * DAY) : say("seen");
    return { name: row.dataset.level, cards, days };
  });
  const left = Math.round((inputs.date.valueAsNumber - today) / DAY);
  find("advice").textContent = !isWhole ? say("whole_numbers") : Number.isNaN(left) ? say("give_day") : advice(left, done);
}

/** What to do in `left` days until the exam, if each level, with those before it, takes so many `days` for its `cards`. */
function advice(left, done) {
  const exam = left === 1 ? say("exam_tomorrow") : left > 0 ? say("exam_in", { days: left }) : say("exam_begun");
  const [first, last] = [done[0], done.at(-1)];
  if (left <= 0 || !last.days) return exam;
  // The last two weeks are for repeating; but if little time is left, they are needed, too.
  const isLong = left >= 2 * REST;
  const days = isLong ? left - REST : Math.min(left, REST);
  const until = say(isLong ? "two_weeks_before" : "before");
  const needed = (level) => Math.ceil(level.cards / days);
  const count = needed(last);
  if (last.days <= days) return `${exam} ${sayCount(left - last.days + 1, "one_day_before", "many_days_before")}`;
  const fitting = done.filter((level) => level.days <= days);
  if (fitting.length) return `${exam} ${say("level_seen", { level: fitting.at(-1).name, until, count })}`;
  if (done.length === 1) return `${exam} ${say("learn", { until, count })}`;
  return `${exam} ${say("learn_first", { until, first: needed(first), level: first.name, count })}`;
}

/** Select the exam that is on the date, or "another day". */
function selectExam() {
  const isKnown = [...inputs.exam.options].some((each) => each.value === inputs.date.value);
  inputs.exam.value = isKnown ? inputs.date.value : "";
}

for (const name of ["date", "daily", "seen"]) {
  const [input, stored] = [inputs[name], recall(`plan-${name}`)];
  const given = input.value;
  input.value = stored ?? given;
  if (!input.checkValidity() || !input.value) input.value = given; // it is no date or number
}
for (const input of Object.values(inputs).filter(Boolean)) {
  input.addEventListener("input", () => {
    if (input === inputs.exam) inputs.date.value = input.value || inputs.date.value;
    for (const name of ["date", "daily", "seen"]) remember(`plan-${name}`, inputs[name].value);
    if (input === inputs.exam && !input.value) inputs.date.focus(); // another day
    else if (inputs.exam) selectExam();
    plan();
  });
}
if (inputs.exam && !inputs.date.value) inputs.date.value = inputs.exam.value;
if (inputs.exam) selectExam();
find("plan").addEventListener("submit", (event) => event.preventDefault());
plan();
