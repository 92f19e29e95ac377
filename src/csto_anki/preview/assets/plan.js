// When each level is done, counted from today.
const DAY = 24 * 60 * 60 * 1000;
const REST = 14; // the last days before the exam, without new cards
const inputs = Object.fromEntries(["exam", "date", "daily", "seen"].map((name) => [name, find(name)]));
const levels = [...document.querySelectorAll("tr[data-cards]")];
const inWords = new Intl.DateTimeFormat(root.lang === "en" ? "en-IN" : root.lang, {
  day: "numeric", month: "long", year: "numeric", timeZone: "UTC",
});
const now = new Date();
const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());

function plan() {
  const [daily, seen] = [inputs.daily, inputs.seen].map((input) => input.valueAsNumber);
  const exam = inputs.date.valueAsNumber;
  const isWhole = daily >= 1 && seen >= 0;
  let cards = 0;
  let days = 0; // until the last level is done
  for (const row of levels) {
    cards += Number(row.dataset.cards);
    days = Math.ceil((cards - seen) / daily);
    row.querySelector(".done").textContent = !isWhole ? "" : days <= 0 ? "seen" : inWords.format(today + (days - 1) * DAY);
  }
  find("advice").textContent = isWhole && exam ? advice(Math.round((exam - today) / DAY), Math.max(days, 0), cards - seen) : "";
}

/** What to do in `left` days until the exam, if all `cards` that are not seen take `days`. */
function advice(left, days, cards) {
  const exam = left === 1 ? "The exam is tomorrow." : left > 0 ? `The exam is in ${left} days.` : "The exam has begun.";
  if (left <= 0 || cards <= 0) return exam;
  if (days <= left - REST) return `${exam} You have seen all cards ${left - days} days before it.`;
  const needed = Math.ceil(cards / Math.max(left - REST, 1));
  return left <= REST
    ? `${exam} Learn nothing new now: repeat what you have seen.`
    : `${exam} To see all cards two weeks before it, learn ${needed} a day, or leave out the last level.`;
}

for (const [name, input] of Object.entries(inputs)) {
  if (!input) continue;
  const stored = recall(`plan-${name}`);
  if (stored) input.value = stored;
  input.addEventListener("input", () => {
    if (name === "exam") inputs.date.value = input.value;
    for (const each of ["exam", "date", "daily", "seen"]) if (inputs[each]) remember(`plan-${each}`, inputs[each].value);
    plan();
  });
}
if (inputs.exam && !inputs.date.value) inputs.date.value = inputs.exam.value;
find("plan").addEventListener("submit", (event) => event.preventDefault());
plan();
