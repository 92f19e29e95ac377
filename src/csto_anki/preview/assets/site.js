"use strict";
// What all pages do. They also work if they are opened as files: they load nothing, and store a few choices in the browser.
const find = (id) => document.getElementById(`_${id}`); // no id of a fact begins with an underscore
const root = document.documentElement;
const said = JSON.parse(find("said").textContent);
const digits = [...said.digits];

/** A number in the digits of the page's language. */
const inDigits = (number) => String(number).replace(/[0-9]/g, (digit) => digits[digit]);

/** The words of the page under a key, with these values put in. */
function say(key, values = {}) {
  return said[key].replace(/\{(\w+)\}/g, (_, name) => (typeof values[name] === "number" ? inDigits(values[name]) : values[name]));
}

/** A number of things, under one key if it is one, and another if it is not. */
const sayCount = (count, one, many) => say(count === 1 ? one : many, { count });

/** What is stored in this browser for this deck under a name; null if nothing is. */
function recall(name) {
  try { return localStorage.getItem(`${root.dataset.deck}:${name}`); } catch { return null; } // a file may have no storage
}

function remember(name, value) {
  try { localStorage.setItem(`${root.dataset.deck}:${name}`, value); } catch { /* as above */ }
}

/** Show the page and its cards by day or by night. */
function night(on) {
  root.classList.toggle("night", on);
  root.classList.toggle("day", !on);
  for (const card of document.querySelectorAll(".card")) {
    card.classList.toggle("nightMode", on);
    card.classList.toggle("night_mode", on);
  }
  find("theme").textContent = say(on ? "day" : "night");
}

const isNight = () => root.classList.contains("night");

find("theme").addEventListener("click", () => {
  night(!isNight());
  remember("theme", isNight() ? "night" : "day");
});
const theme = recall("theme");
night(theme ? theme === "night" : matchMedia("(prefers-color-scheme: dark)").matches);
