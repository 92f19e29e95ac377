// Makes the maps and flags of cards/media, once, by hand: npm install && node make.mjs
//
// What is drawn, and what is not: the fifteen states that came out of the Soviet Union, filled, with lines only where
// two of them meet; all other land is one plain background. So no border line of India, Pakistan, China or any other
// state is in the pictures: the learners are in India, where such lines on a map are a matter of law. `noOtherBorder`
// below refuses to go on if a line were to be one. Three disputed areas among the fifteen are hatched and in no side's
// colour; for the rest the shapes are Natural Earth's, of about 2018.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { geoAzimuthalEqualArea, geoConicEquidistant, geoContains, geoPath } from "d3-geo";
import { feature, mesh } from "topojson-client";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "..", "cards", "media");
const json = (path) => JSON.parse(readFileSync(join(here, path), "utf-8"));

// ISO 3166: the number is the atlas's id, the letters the flag's.
const STATES = {
  armenia: ["051", "am"], azerbaijan: ["031", "az"], belarus: ["112", "by"], estonia: ["233"], georgia: ["268", "ge"],
  kazakhstan: ["398", "kz"], kyrgyzstan: ["417", "kg"], latvia: ["428"], lithuania: ["440"], moldova: ["498"],
  russia: ["643", "ru"], tajikistan: ["762", "tj"], turkmenistan: ["795"], ukraine: ["804"], uzbekistan: ["860", "uz"],
};
const MEMBERS = ["armenia", "belarus", "kazakhstan", "kyrgyzstan", "russia", "tajikistan"];
const LEFT = ["azerbaijan", "georgia", "uzbekistan"];

const topology = json("node_modules/world-atlas/countries-50m.json");
const land = feature(topology, topology.objects.land);
const geometries = topology.objects.countries.geometries;
const drawn = new Map(Object.entries(STATES).map(([name, [id]]) => [geometries.find((g) => g.id === id), name]));
const shapes = new Map([...drawn].map(([geometry, name]) => [name, feature(topology, geometry)]));
const lines = mesh(topology, topology.objects.countries, (a, b) => a !== b && drawn.has(a) && drawn.has(b));
noOtherBorder();

// Natural Earth has Crimea as a part of Russia, cut off by the sea, and the other two inside Georgia.
const crimea = { type: "Polygon", coordinates: shapes.get("russia").geometry.coordinates.find((ring) =>
  geoContains({ type: "Polygon", coordinates: ring }, [34.1, 45.2])) };
const disputed = [crimea, ...json("disputed.json").map((coordinates) => ({ type: "Polygon", coordinates: [coordinates] }))];

// Where the name of each state stands, unless a map has another place for it.
const NAMES = {
  armenia: ["Armenia", 44.6, 40.4], azerbaijan: ["Azerbaijan", 47.6, 40.5], belarus: ["Belarus", 28, 53.4],
  estonia: ["Estonia", 25.7, 58.7], georgia: ["Georgia", 42.9, 41.9], kazakhstan: ["Kazakhstan", 67, 48.3],
  kyrgyzstan: ["Kyrgyzstan", 74.6, 41.5], latvia: ["Latvia", 25.3, 56.9], lithuania: ["Lithuania", 23.9, 55.3],
  moldova: ["Moldova", 28.5, 47.2], russia: ["Russia", 44, 56], tajikistan: ["Tajikistan", 71, 38.6],
  turkmenistan: ["Turkmenistan", 59, 39.3], ukraine: ["Ukraine", 31.5, 49.2], uzbekistan: ["Uzbekistan", 63.5, 42.2],
};

// The south-west and north-east corners of a map, or else states that fill it; and what is called by name in it.
const FRAMES = {
  armenia: [[39.5, 38.2], [50.5, 43.8], ["armenia", "georgia", "azerbaijan", "russia"], { russia: ["Russia", 46, 43.4] }],
  azerbaijan: [[39.5, 38.2], [50.5, 43.8], ["armenia", "georgia", "azerbaijan", "russia"], { russia: ["Russia", 46, 43.4] }],
  georgia: [[38.5, 38.8], [50.5, 45], ["armenia", "georgia", "azerbaijan", "russia"], { russia: ["Russia", 44, 44.2] }],
  belarus: [[17, 47], [42, 60], ["belarus", "russia", "ukraine", "lithuania", "latvia", "estonia"], { russia: ["Russia", 37, 55.5] }],
  kazakhstan: [[42, 36], [90, 58], ["kazakhstan", "russia", "uzbekistan", "turkmenistan", "kyrgyzstan"], { russia: ["Russia", 66, 57] }],
  kyrgyzstan: [[62, 36.5], [82, 46.5], ["kazakhstan", "uzbekistan", "kyrgyzstan", "tajikistan"],
    { kazakhstan: ["Kazakhstan", 73, 45], uzbekistan: ["Uzbekistan", 65.2, 40.6] }],
  tajikistan: [[60, 35], [80, 44], ["uzbekistan", "kyrgyzstan", "tajikistan", "turkmenistan", "kazakhstan"],
    { kazakhstan: ["Kazakhstan", 70, 43.4], uzbekistan: ["Uzbekistan", 65.3, 40.7], turkmenistan: ["Turkmenistan", 62, 38.3] }],
  uzbekistan: [[50, 35], [80, 49], ["uzbekistan", "kyrgyzstan", "tajikistan", "turkmenistan", "kazakhstan"], {}],
  russia: ["russia", "kazakhstan", ["russia", "kazakhstan"], { russia: ["Russia", 95, 62] }],
};
const SEAS = [["Black Sea", 34.5, 43.3], ["Caspian Sea", 51, 41.2], ["Baltic Sea", 18.8, 56.6]];

const SEATS = [
  ["A", "Moscow", 37.62, 55.75], ["B", "St Petersburg", 30.32, 59.94],
  ["C", "Tashkent", 69.28, 41.31], ["D", "Chisinau", 28.86, 47.01],
];

// The picture has its own paper, so that it looks the same by day and by night.
const SEA = "#a9c6d4", LAND = "#d8d4c8", STATE = "#bdb7a6", MARKED = "#0b4f6c", GONE = "#8a3b12", LINE = "#f4f1ea", INK = "#14232c";
const WIDTH = 360, HIGH = 250, HIGH_WIDE = 225;
const FONT = 'font-family="system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, sans-serif"';

mkdirSync(out, { recursive: true });
for (const [name, [from, to, called, places]] of Object.entries(FRAMES)) {
  const colours = { [name]: MARKED };
  const map = { from, to, height: name === "russia" ? HIGH_WIDE : HIGH, seas: name !== "russia", colours };
  save(`map-${name}`, map);
  save(`map-${name}-named`, { ...map, called: Object.fromEntries(called.map((each) => [each, places[each] ?? NAMES[each]])) });
}
const south = { from: [34, 35], to: [78, 50], height: HIGH };
const west = { from: [20, 36.5], to: [82, 61], height: HIGH };
const members = Object.fromEntries(MEMBERS.map((name) => [name, MARKED]));
save("map-six", { ...west, colours: members });
save("map-six-named", { ...west, seas: false, colours: members, called: {
  russia: ["Russia", 50, 58], kazakhstan: ["Kazakhstan", 66, 48.5], belarus: ["Belarus", 27.5, 53.5],
  armenia: ["Armenia", 43.4, 38.4], kyrgyzstan: ["Kyrgyzstan", 77, 43], tajikistan: ["Tajikistan", 72.5, 36.8],
} });
const gone = Object.fromEntries(LEFT.map((name) => [name, GONE]));
save("map-left", { ...south, colours: gone });
save("map-left-named", { ...south, seas: false, colours: gone, called: {
  georgia: ["Georgia", 38.6, 41.8], azerbaijan: ["Azerbaijan", 53.2, 40.3], uzbekistan: NAMES.uzbekistan } });
save("map-places", { ...west, colours: {}, dots: SEATS.map(([letter, , ...at]) => [letter, ...at]) });
save("map-places-named", { ...west, colours: {}, dots: SEATS.map(([letter, name, ...at]) => [`${letter} ${name}`, ...at]) });

for (const [name, [, code]] of Object.entries(STATES)) {
  if (code) writeFileSync(join(out, `flag-${name}.svg`), flag(code));
}

/** A line between two states that are both drawn is ours; any other that is a border is not, and must not be there. */
function noOtherBorder() {
  const owners = new Map();
  for (const geometry of geometries) {
    for (const arc of (geometry.arcs ?? []).flat(Infinity)) {
      const key = arc < 0 ? ~arc : arc;
      owners.set(key, [...(owners.get(key) ?? []), geometry]);
    }
  }
  const coasts = topology.objects.land.geometries.flatMap((g) => g.arcs.flat(Infinity)).map((arc) => (arc < 0 ? ~arc : arc));
  const inner = coasts.filter((arc) => new Set(owners.get(arc)).size > 1);
  if (inner.length) throw new Error(`the background has ${inner.length} borders`);
  const between = [...owners.values()].filter((pair) => pair.length === 2 && pair.every((each) => drawn.has(each)));
  if (lines.coordinates.length > between.length) throw new Error("a line is not between two states that are drawn");
}

function save(name, map) {
  const { from, to, height, colours, called = {}, dots = [], seas = true } = map;
  const project = typeof from === "string" ? geoConicEquidistant().parallels([45, 65]).rotate([-100, 0]) : flat(from, to);
  const filling = typeof from === "string"
    ? { type: "FeatureCollection", features: [shapes.get(from), shapes.get(to)] }
    : { type: "MultiPoint", coordinates: [from, to, [from[0], to[1]], [to[0], from[1]]] };
  project.fitExtent([[4, 4], [WIDTH - 4, height - (typeof from === "string" ? 26 : 4)]], filling).clipExtent([[-2, -2], [WIDTH + 2, height + 2]]);
  const parts = [`<rect width="${WIDTH}" height="${height}" fill="${SEA}"/>`, path(project, land, `fill="${LAND}"`)];
  for (const [state, shape] of shapes) {
    parts.push(path(project, shape, `id="${state}" fill="${colours[state] ?? STATE}"`));
  }
  parts.push(path(project, lines, `fill="none" stroke="${LINE}" stroke-width="0.8"`));
  const hatched = disputed.map((area) => path(project, area, `fill="url(#hatch)" stroke="${INK}" stroke-width="0.4"`));
  parts.push(...hatched);
  for (const [text, x, y] of labels(project, height, called, seas)) parts.push(label(text, x, y, 11));
  for (const [text, ...at] of dots) {
    const [x, y] = project(at);
    parts.push(`<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="4" fill="${GONE}" stroke="${LINE}"/>`);
    parts.push(x > WIDTH * 0.7 ? label(text, x - 7, y + 5, 14, "end") : label(text, x + 7, y + 5, 14, "start"));
  }
  if (hatched.some((each) => each)) {
    parts.push(`<rect x="6" y="${height - 19}" width="72" height="15" fill="${LINE}" fill-opacity="0.9"/>`);
    parts.push(`<rect x="9" y="${height - 16}" width="12" height="9" fill="url(#hatch)" stroke="${INK}" stroke-width="0.4"/>`);
    parts.push(`<text x="25" y="${height - 8}" font-size="11" fill="${INK}">disputed</text>`);
  }
  const step = height === HIGH_WIDE ? 2 : 3; // where an area is small, it must still have its stripes
  const square = `width="${step}" height="${step}"`;
  const hatch = `<pattern id="hatch" ${square} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
    `<rect ${square} fill="${STATE}"/><rect width="${step * 0.4}" height="${step}" fill="${INK}"/></pattern>`;
  writeFileSync(join(out, `${name}.svg`), [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" ${FONT}>`,
    `<!-- Shapes: Natural Earth (public domain); made by docs/pictures/make.mjs -->`,
    `<defs>${hatch}</defs>`,
    ...parts.filter((part) => part),
    "</svg>\n",
  ].join("\n"));
}

function flat(from, to) {
  return geoAzimuthalEqualArea().rotate([-(from[0] + to[0]) / 2, -(from[1] + to[1]) / 2]);
}

function labels(project, height, called, seas) {
  const names = Object.values(called);
  const places = [...names, ...(names.length && seas ? SEAS : [])].map(([text, ...at]) => [text, ...project(at)]);
  return places.filter(([text, x, y]) => x > text.length * 3 && x < WIDTH - text.length * 3 && y > 10 && y < height - (x < 100 ? 22 : 4));
}

function label(text, x, y, size, anchor = "middle") {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-size="${size}" font-weight="600" text-anchor="${anchor}" ` +
    `fill="${INK}" stroke="${LINE}" stroke-width="3" stroke-linejoin="round" paint-order="stroke">${text}</text>`;
}

/** A path in whole tenths, relative, without points nearer than 0.7 to the last and without specks. */
function path(project, shape, attributes) {
  const rings = [];
  geoPath(project, {
    moveTo: (x, y) => rings.push([[x, y]]),
    lineTo: (x, y) => rings.at(-1).push([x, y]),
    closePath: () => rings.at(-1).push("Z"),
    arc: () => {},
  })(shape);
  const kept = rings.map((ring) => thin(ring)).filter((ring) => ring);
  return kept.length ? `<path ${attributes} d="${kept.join("")}"/>` : "";
}

function thin(ring) {
  const closed = ring.at(-1) === "Z";
  const points = closed ? ring.slice(0, -1) : ring;
  const kept = [points[0]];
  for (const point of points.slice(1)) {
    if (Math.hypot(point[0] - kept.at(-1)[0], point[1] - kept.at(-1)[1]) >= 0.7) kept.push(point);
  }
  if (!closed && kept.at(-1) !== points.at(-1)) kept.push(points.at(-1));
  const [xs, ys] = [0, 1].map((axis) => kept.map((point) => point[axis]));
  const size = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
  if (kept.length < 2 || (closed && (kept.length < 3 || size < 2))) return "";
  const tenths = kept.map((point) => point.map((value) => Math.round(value * 10)));
  const steps = tenths.slice(1).map(([x, y], i) => [x - tenths[i][0], y - tenths[i][1]]);
  const numbers = [tenths[0], ...steps].map((pair) => pair.map((value) => value / 10).join(","));
  return `M${numbers[0]}l${numbers.slice(1).join(" ")}${closed ? "z" : ""}`;
}

/** A flag as flag-icons has it, with its licence, a frame that shows on any paper, and a size of its own. */
function flag(code) {
  const text = readFileSync(join(here, "node_modules", "flag-icons", "flags", "4x3", `${code}.svg`), "utf-8");
  const [, attributes, inside] = text.match(/^<svg([^>]*)>([\s\S]*)<\/svg>\s*$/);
  const kept = attributes.replace(/ (id|width|height)="[^"]*"/g, "");
  return `<svg${kept} width="320" height="240">\n` +
    "<!-- flag-icons 7.5.0, MIT licence, copyright (c) 2013 Panayiotis Lipiridis; see README.md beside this file -->\n" +
    `${inside.trim()}\n<path fill="none" stroke="#808080" stroke-width="2" d="M1 1h638v478H1z"/>\n</svg>\n`;
}
