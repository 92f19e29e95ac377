// Makes the maps and flags of cards/media, once, by hand: npm install && node make.mjs
//
// For each other language with a table of words beside this file, such as words-hi.json for Hindi, it also makes the
// maps with words again, into cards/hi/media: the same names of files and the same drawing, with other words. Maps
// without words, and flags, serve every language.
//
// What is drawn, and what is not: the fifteen states that came out of the Soviet Union, filled, with lines only where
// two of them meet; all other land is one plain background. So no border line of India, Pakistan, China or any other
// state is in the pictures: the learners are in India, where such lines on a map are a matter of law. `noOtherBorder`
// below refuses to go on if a line were to be one. A name draws no border: some neighbours that are not drawn have
// one. Three disputed areas among the fifteen are hatched and in no side's colour; for the rest the shapes are Natural
// Earth's, of about 2018.
//
// map-places.svg and map-places-named.svg are not made here any more. Cards that are no longer taught show them, so
// they stay as they were released.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { geoArea, geoAzimuthalEqualArea, geoConicEquidistant, geoContains, geoPath } from "d3-geo";
import { feature, mesh } from "topojson-client";

const here = dirname(fileURLToPath(import.meta.url));
const cards = join(here, "..", "..", "cards");
const out = join(cards, "media");
const json = (path) => JSON.parse(readFileSync(join(here, path), "utf-8"));

// What a table has: `fonts` for its letters; `spacing` of rows, where letters are taller than Latin ones; `words` for
// the English ones; and in `moved` those names that do not fit where the English ones are, map by map: another
// longitude and latitude and, where needed, other options (see FRAMES).
const ENGLISH = { out, fonts: [], spacing: 1, moved: {} };
const tables = readdirSync(here).map((file) => file.match(/^words-([a-z]+)\.json$/)).filter((match) => match);
const LANGUAGES = [ENGLISH, ...tables.map(([file, code]) => ({ out: join(cards, code, "media"), ...json(file) }))];

// ISO 3166: the number is the atlas's id, the letters the flag's.
const STATES = {
  armenia: ["051", "am"], azerbaijan: ["031", "az"], belarus: ["112", "by"], estonia: ["233"], georgia: ["268", "ge"],
  kazakhstan: ["398", "kz"], kyrgyzstan: ["417", "kg"], latvia: ["428"], lithuania: ["440"], moldova: ["498"],
  russia: ["643", "ru"], tajikistan: ["762", "tj"], turkmenistan: ["795"], ukraine: ["804"], uzbekistan: ["860", "uz"],
};
const MEMBERS = ["armenia", "belarus", "kazakhstan", "kyrgyzstan", "russia", "tajikistan"];
const LEFT = ["azerbaijan", "georgia", "uzbekistan"];

const topology = unpacked(json("node_modules/world-atlas/countries-50m.json"));
const geometries = topology.objects.countries.geometries;
const drawn = new Map(Object.entries(STATES).map(([name, [id]]) => [geometries.find((g) => g.id === id), name]));
const exact = shapesOf(topology);
noOtherBorder();

// States that are named and not drawn, by their numbers in ISO 3166; and seas. India, Pakistan and the areas between
// them have no name here, and must not get one.
const FOREIGN = {
  Afghanistan: "004", China: "156", Finland: "246", Hungary: "348", Iran: "364", Mongolia: "496", "North Korea": "408",
  Norway: "578", Poland: "616", Romania: "642", Slovakia: "703", Turkey: "792",
};
const SEAS = ["Arctic Ocean", "Baltic Sea", "Barents Sea", "Black Sea", "Caspian Sea", "Sea of Azov", "Sea of Okhotsk"];

// By night, cards invert the maps and turn the hues back. So these colours are chosen for both: what is darkest by day
// is lightest by night. Names have a contrast of at least 4.5 with what is around their letters, by day and by night.
const SEA = "#b4d3e3", LAND = "#eeebe2", STATE = "#c3b798", MARKED = "#0b4f6c", GONE = "#8a3b12";
const LINE = "#ffffff", INK = "#14232c";
const QUIET = "#443f31", DEEP = "#14506f"; // foreign names, and seas
const WIDTH = 360, HIGH = 280, HIGH_WIDE = 235;
const ASKED_SIZE = 15, SIZE = 13, KEY_SIZE = 11, LETTER_SIZE = 20; // many screens show 288 pixels of the 360
const DETAIL = 0.25; // how far a simpler line may be from the true one, in units of the picture
const BOLD = 'font-weight="600"', SLANTED = 'font-style="italic"';
const HATCHED = `fill="url(#hatch)" stroke="${INK}" stroke-width="0.4"`;
const FONTS = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans"];

// The south-west and north-east corners of each map (Russia's is made to fit two states), and its names, each with the
// place of its middle. With `to`, a line leads from the name to its state; with `at`, the name is at these units of the
// picture, and a line leads to the place. With `anchor`, the name ends there.
const FRAMES = {
  armenia: { from: [41.7, 38.2], to: [48.3, 42.8], names: [
    ["Armenia", 44.6, 40.55], ["Georgia", 43.2, 41.8], ["Azerbaijan", 47.1, 40.5],
    ["Azerbaijan", 44, 38.8, { to: [45.4, 39.3] }], ["Turkey", 42.5, 39.8], ["Iran", 46.5, 38.5],
    ["Russia", 47, 42.45],
  ] },
  azerbaijan: { from: [42.7, 37.8], to: [51.3, 42.7], names: [
    ["Azerbaijan", 47.8, 40.4], ["Georgia", 44.3, 41.6], ["Armenia", 44.55, 40.5], ["Russia", 47, 42.3],
    ["Iran", 47.2, 38.2], ["Turkey", 43.35, 39.3], ["Caspian\nSea", 50.6, 41.5],
  ] },
  georgia: { from: [39.5, 40.2], to: [48.1, 44], height: 260, names: [
    ["Georgia", 42.85, 41.8], ["Russia", 43.4, 43.65], ["Armenia", 44.6, 40.6], ["Azerbaijan", 46.95, 40.7],
    ["Turkey", 42, 40.7], ["Black\nSea", 40.3, 42.2],
  ] },
  belarus: { from: [18.6, 49.2], to: [36.6, 58.2], names: [
    ["Belarus", 28, 53.4], ["Russia", 34.3, 54.6], ["Ukraine", 29.5, 50.4], ["Lithuania", 23.9, 55.4],
    ["Latvia", 25.5, 56.8], ["Poland", 20.8, 52], ["Russia", 21.5, 54.7], ["Baltic\nSea", 19.7, 56.4],
  ] },
  kazakhstan: { from: [47.6, 37], to: [86.8, 55.5], height: 250, names: [
    ["Kazakhstan", 67, 48.3], ["Russia", 66, 56.2], ["Uzbekistan", 64, 41.3], ["Turkmenistan", 58.6, 38.7],
    ["Kyrgyzstan", 75.6, 41.35], ["China", 84, 42.5], ["Caspian\nSea", 50.9, 41.2],
  ] },
  kyrgyzstan: { from: [65, 36.8], to: [81.6, 45.2], names: [
    ["Kyrgyzstan", 74.9, 41.7], ["Kazakhstan", 72.5, 44.2], ["Uzbekistan", 66.8, 40.4], ["Tajikistan", 71, 38.5],
    ["China", 79.1, 39.9],
  ] },
  tajikistan: { from: [64.8, 35.4], to: [77.2, 42.6], names: [
    ["Tajikistan", 70.6, 38.5], ["Uzbekistan", 66.8, 40], ["Kyrgyzstan", 74, 41.3], ["Kazakhstan", 69, 42.5],
    ["Afghanistan", 68.5, 36.1], ["China", 76.3, 38.6],
  ] },
  uzbekistan: { from: [55, 35.3], to: [76.6, 46.8], names: [
    ["Uzbekistan", 63.05, 42.3], ["Kazakhstan", 65, 45.6], ["Turkmenistan", 59, 39.2], ["Kyrgyzstan", 74.5, 41.7],
    ["Tajikistan", 70.8, 38.6], ["Afghanistan", 67.2, 35.9],
  ] },
  turkmenistan: { from: [50.1, 34], to: [68, 44], names: [
    ["Turkmenistan", 59, 39.3], ["Kazakhstan", 53.3, 43.5], ["Uzbekistan", 63.3, 41.8], ["Iran", 56.5, 35.9],
    ["Afghanistan", 65.2, 34.7], ["Caspian\nSea", 51.2, 39.3],
  ] },
  ukraine: { from: [17.6, 44.4], to: [39.9, 53.6], height: 256, names: [
    ["Ukraine", 31.5, 49.1], ["Russia", 38.5, 51.6], ["Belarus", 28, 52.8], ["Moldova", 28, 47.1],
    ["Poland", 20.8, 51.5], ["Slovakia", 19.8, 48.75], ["Hungary", 20, 47], ["Romania", 24.5, 45.8],
    ["Black Sea", 31.2, 44.75], ["Sea of\nAzov", 36.75, 46.15],
  ] },
  russia: { from: "russia", to: "kazakhstan", height: HIGH_WIDE, detail: 0.36, names: [
    ["Russia", 95, 62], ["Kazakhstan", 65.5, 48.2], ["China", 97, 39.5], ["Mongolia", 103, 46.5],
    ["Norway", 13.4, 65.9], ["Finland", 25, 63.3], ["Estonia", 3, 56.2, { to: [25.7, 58.8], anchor: "end" }],
    ["Latvia", 9.2, 55.9, { to: [25.5, 56.9], anchor: "end" }],
    ["Lithuania", 15.3, 55.3, { to: [24, 55.3], anchor: "end" }], ["Poland", 19, 50.4, { anchor: "end" }],
    ["Belarus", 28, 53.5, { at: [58, 76], anchor: "end" }], ["Ukraine", 31, 49.5, { at: [58, 91], anchor: "end" }],
    ["Georgia", 43.5, 40.1, { to: [43.5, 42], anchor: "end" }], ["Azerbaijan", 47.2, 32.9, { to: [48, 40.4] }],
    ["North Korea", 127, 40, { at: [268, 196] }], ["Sea of\nOkhotsk", 149.5, 54.6], ["Arctic Ocean", 130, 84],
    ["Barents\nSea", 42.5, 75.4],
  ] },
};
const SIX = { from: [26, 17.5], to: [82, 60.5], height: 300, key: "right" };
const SIX_NAMES = [
  ["Russia", 50, 56], ["Kazakhstan", 66, 48.5], ["Belarus", 28, 53.5], ["Kyrgyzstan", 74.7, 41.5],
  ["Tajikistan", 71, 38.6], ["Ukraine", 31.5, 49], ["Turkey", 33, 39.3], ["Iran", 57.5, 31], ["Afghanistan", 66, 34],
  ["China", 86.5, 44.6],
];
// What is too small on the map of the six, enlarged in a box (x, y, width, height) in its corner.
const CAUCASUS = { from: [40.6, 38.3], to: [50.5, 43.2], box: [5, 182, 176, 113] };
const CAUCASUS_NAMES = [
  ["Armenia", 42.9, 39, { to: [44.6, 40.3] }], ["Georgia", 43.05, 41.6], ["Azerbaijan", 48, 40.6],
  ["Russia", 45.8, 42.95], ["Turkey", 42, 40.2], ["Iran", 47, 38.75],
];
const LEFT_FRAME = { from: [40.5, 35], to: [76.8, 46], height: 240 };
const LEFT_NAMES = [
  ["Georgia", 43.3, 41.9], ["Azerbaijan", 47.2, 36.3, { to: [48, 40.2] }],
  ["Armenia", 43.4, 38.2, { to: [44.6, 40.4] }], ["Uzbekistan", 63.2, 42.2], ["Kazakhstan", 63, 46.5],
  ["Turkmenistan", 59, 39.2], ["Russia", 44, 45], ["Iran", 55, 35], ["Afghanistan", 66, 34.7],
  ["Caspian\nSea", 50.9, 42.2], ["Kyrgyzstan", 73.8, 42.1], ["Tajikistan", 71, 38.5],
];
// The two cards share no town. C for Tashkent and D for Chisinau are released answers, so these letters stay. Where a
// third value says so, letter and name stand west of the town. The first name is the answer.
const WEST = { from: [20, 36.5], to: [82, 61], height: 250 };
const TOWNS = {
  tashkent: ["C Tashkent", [
    ["A Yerevan", [44.51, 40.18], "west"], ["B Minsk", [27.56, 53.9], "west"], ["C Tashkent", [69.28, 41.31], "west"],
    ["D Moscow", [37.62, 55.75]],
  ]],
  chisinau: ["D Chisinau", [
    ["A Kyiv", [30.52, 50.45]], ["B Astana", [71.43, 51.13], "west"], ["C Tbilisi", [44.79, 41.72]],
    ["D Chisinau", [28.86, 47.01]],
  ]],
};

for (const language of LANGUAGES) mkdirSync(language.out, { recursive: true });
for (const [name, { names, ...frame }] of Object.entries(FRAMES)) {
  const map = { ...frame, colours: { [name]: MARKED } };
  save(`map-${name}`, map);
  save(`map-${name}-named`, { ...map, names });
}
const members = Object.fromEntries(MEMBERS.map((name) => [name, MARKED]));
const six = { ...SIX, colours: members };
const caucasus = { ...CAUCASUS, colours: members };
save("map-six", six, caucasus);
const answer = { ...members, armenia: GONE }; // the one that borders no other
const sixNamed = { ...six, colours: answer, names: SIX_NAMES };
save("map-six-named", sixNamed, { ...caucasus, colours: answer, names: CAUCASUS_NAMES });
const left = { ...LEFT_FRAME, colours: Object.fromEntries(LEFT.map((name) => [name, GONE])) };
save("map-left", left);
save("map-left-named", { ...left, names: LEFT_NAMES });
for (const [name, [asked, towns]] of Object.entries(TOWNS)) {
  save(`map-place-${name}`, { ...WEST, towns: towns.map(([called, ...rest]) => [called[0], ...rest]) });
  save(`map-place-${name}-named`, { ...WEST, towns, asked });
}

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
  const background = topology.objects.land.geometries.flatMap((g) => g.arcs.flat(Infinity));
  const coasts = background.map((arc) => (arc < 0 ? ~arc : arc));
  const inner = coasts.filter((arc) => new Set(owners.get(arc)).size > 1);
  if (inner.length) throw new Error(`the background has ${inner.length} borders`);
  const between = [...owners.values()].filter((pair) => pair.length === 2 && pair.every((each) => drawn.has(each)));
  if (exact.lines.coordinates.length > between.length) throw new Error("a line is not between two states that are drawn");
}

/** The atlas with its points in degrees, not packed. */
function unpacked({ transform: { scale, translate }, arcs, ...rest }) {
  const degrees = (arc) => {
    const sum = [0, 0];
    return arc.map((step) => [0, 1].map((axis) => (sum[axis] += step[axis]) * scale[axis] + translate[axis]));
  };
  return { ...rest, arcs: arcs.map(degrees) };
}

/** What is drawn, from an atlas: both sides of a border are made of the same points, also after they became fewer. */
function shapesOf(atlas) {
  const states = new Map([...drawn].map(([geometry, name]) => [name, feature(atlas, geometry)]));
  // Natural Earth has Crimea as a part of Russia, cut off by the sea, and the other two inside Georgia.
  const crimea = states.get("russia").geometry.coordinates.find((ring) =>
    geoContains({ type: "Polygon", coordinates: ring }, [34.1, 45.2]));
  const others = json("disputed.json").map((ring) => [ring]);
  return {
    land: feature(atlas, atlas.objects.land),
    states,
    lines: mesh(atlas, atlas.objects.countries, (a, b) => a !== b && drawn.has(a) && drawn.has(b)),
    disputed: [crimea, ...others].map((coordinates) => ({ type: "Polygon", coordinates })),
  };
}

/** The atlas without the points that lie less than so many degrees from the line between the others. */
function simplified(degrees) {
  return { ...topology, arcs: topology.arcs.map((arc) => simpler(arc, degrees)) };
}

function simpler(arc, degrees) {
  const kept = new Set([0, arc.length - 1]);
  const ranges = [[0, arc.length - 1]];
  while (ranges.length) {
    const [first, last] = ranges.pop();
    let [most, farthest] = [degrees, 0];
    for (let i = first + 1; i < last; i++) {
      const away = distance(arc[i], arc[first], arc[last]);
      if (away > most) [most, farthest] = [away, i];
    }
    if (farthest) {
      kept.add(farthest);
      ranges.push([first, farthest], [farthest, last]);
    }
  }
  const simple = arc.filter((_, i) => kept.has(i));
  const isRing = `${arc[0]}` === `${arc.at(-1)}`;
  // A small island that lost its inside, or turned inside out, would be the whole earth but for itself.
  return isRing && (simple.length < 5 || area(simple) * area(arc) <= 0) ? arc : simple;
}

/** Twice the area inside a ring, with a sign for its direction. */
function area(ring) {
  return ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i][0] * y - x * ring[i][1], 0);
}

/** The distance of a point from a line between two others, in degrees of latitude. */
function distance(point, from, to) {
  const shrink = Math.cos((point[1] * Math.PI) / 180);
  const [x, y] = [(point[0] - from[0]) * shrink, point[1] - from[1]];
  const [dx, dy] = [(to[0] - from[0]) * shrink, to[1] - from[1]];
  const along = Math.max(0, Math.min(1, (x * dx + y * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - along * dx, y - along * dy);
}

/** Writes a map in English and, if it has words, in the other languages. */
function save(name, map, inset) {
  for (const language of LANGUAGES) {
    const text = picture(translated(map, name, language), inset && translated(inset, name, language), language);
    if (language === ENGLISH || text.includes("<text")) writeFileSync(join(language.out, `${name}.svg`), text);
  }
}

/** A map whose names and towns also have their words in a language; a name can be at another place there. */
function translated(map, name, language) {
  const moved = language.moved[map.box ? `${name}, inset` : name] ?? {};
  const english = map.names?.map(([text]) => oneRow(text)) ?? [];
  const wrong = Object.keys(moved).find((text) => english.filter((each) => each === text).length !== 1);
  if (wrong) throw new Error(`${wrong} is not on ${name} once, so a table cannot move it`);
  const town = (called) => (called?.length > 1 ? `${called[0]} ${said(called.slice(2), language)}` : called);
  return {
    ...map,
    names: map.names?.map(([text, longitude, latitude, options]) => {
      const [x, y, others] = moved[oneRow(text)] ?? [longitude, latitude];
      return [text, x, y, { ...options, ...others, shown: said(text, language), spacing: language.spacing }];
    }),
    towns: map.towns?.map(([called, ...rest]) => [town(called), ...rest]),
    asked: town(map.asked),
  };
}

/** English words in a language. Where the English ones are in rows, each of the others has its own row. */
function said(text, { words }) {
  if (!words) return text;
  const found = words[oneRow(text)];
  if (!found) throw new Error(`a table has no words for ${text}`);
  return text.includes("\n") ? found.replaceAll(" ", "\n") : found;
}

function oneRow(text) {
  return text.replace("\n", " ");
}

/** The text of a map's file. */
function picture(map, inset, language) {
  const height = map.height ?? HIGH;
  const step = height === HIGH_WIDE ? 2 : 3; // where an area is small, it must still have its stripes
  const whole = [0, 0, WIDTH, height];
  const parts = drawing(map, whole);
  if (inset) {
    const { from, to, box } = inset;
    const corners = [from, to, [from[0], to[1]], [to[0], from[1]]].map(projection(map, whole));
    const [xs, ys] = [0, 1].map((axis) => corners.map((corner) => corner[axis]));
    const [x, y] = [Math.min(...xs), Math.min(...ys)];
    parts.push(frame([x, y, Math.max(...xs) - x, Math.max(...ys) - y], 1));
    parts.push('<g id="inset">', ...drawing(inset, box), frame(box, 1.5), "</g>");
  }
  if (parts.some((part) => part.includes("url(#hatch)"))) {
    const x = map.key === "right" ? WIDTH - 78 : 6;
    parts.push(`<rect x="${x}" y="${height - 19}" width="72" height="15" fill="${LINE}" fill-opacity="0.9"/>`);
    parts.push(`<rect x="${x + 3}" y="${height - 16}" width="12" height="9" ${HATCHED}/>`);
    const word = said("disputed", language);
    parts.push(`<text x="${x + 19}" y="${height - 8}" font-size="${KEY_SIZE}" fill="${INK}">${word}</text>`);
  }
  const square = `width="${step}" height="${step}"`;
  const hatch = `<pattern id="hatch" ${square} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
    `<rect ${square} fill="${STATE}"/><rect width="${step * 0.4}" height="${step}" fill="${INK}"/></pattern>`;
  const font = `font-family="${[...FONTS, ...language.fonts, "sans-serif"].join(", ")}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" ${font}>`,
    `<!-- Shapes: Natural Earth (public domain); made by docs/pictures/make.mjs -->`,
    `<defs>${hatch}</defs>`,
    ...parts.filter((part) => part),
    "</svg>\n",
  ].join("\n");
}

/** A map, or its inset, in a box of the picture (x, y, width, height). */
function drawing(map, box) {
  const { colours = {}, names = [], towns = [], asked } = map;
  const project = projection(map, box);
  const degrees = ((map.detail ?? DETAIL) / project.scale()) * (180 / Math.PI);
  const { land, states, lines, disputed } = shapesOf(simplified(degrees));
  if (geoArea(land) > geoArea(exact.land) * 1.01) throw new Error("a shape has turned inside out");
  const prefix = map.box ? "inset-" : "";
  const [x, y, width, height] = box;
  const place = map.box ? `x="${x}" y="${y}" ` : "";
  const parts = [`<rect ${place}width="${width}" height="${height}" fill="${SEA}"/>`];
  parts.push(path(project, land, `fill="${LAND}"`));
  for (const [state, shape] of states) {
    parts.push(path(project, shape, `id="${prefix}${state}" fill="${colours[state] ?? STATE}"`));
  }
  parts.push(path(project, lines, `fill="none" stroke="${LINE}" stroke-width="0.8"`));
  parts.push(...disputed.map((area) => path(project, area, HATCHED)));
  for (const name of names) parts.push(...label(project, name, colours));
  for (const town of towns) parts.push(...dot(project, town, asked));
  return parts;
}

/** The projection that makes a map fill its box. */
function projection({ from, to, box: inset }, box) {
  const [x, y, width, height] = box;
  const edge = inset ? 0 : 2; // so that no coast or line ends before the edge of the picture
  const isWide = typeof from === "string";
  const filling = isWide
    ? { type: "FeatureCollection", features: [exact.states.get(from), exact.states.get(to)] }
    : { type: "MultiPoint", coordinates: [from, to, [from[0], to[1]], [to[0], from[1]]] };
  const project = isWide
    ? geoConicEquidistant().parallels([45, 65]).rotate([-100, 0])
    : geoAzimuthalEqualArea().rotate([-(from[0] + to[0]) / 2, -(from[1] + to[1]) / 2]);
  const space = isWide
    ? [[x + 56, y + 4], [x + width - 4, y + height - 26]] // Russia's many small neighbours have their names in the west
    : [[x, y], [x + width, y + height]];
  return project.fitExtent(space, filling)
    .clipExtent([[x - edge, y - edge], [x + width + edge, y + height + edge]]);
}

/** The frame of an inset, or of where it is from: no border, so it has another element and colour. */
function frame([x, y, width, height], thickness) {
  const place = [x, y, width, height].map((value) => +value.toFixed(1));
  return `<rect x="${place[0]}" y="${place[1]}" width="${place[2]}" height="${place[3]}" ` +
    `fill="none" stroke="${INK}" stroke-width="${thickness}"/>`;
}

/** A name: of a coloured state, of another that is drawn, of one that is not, or of a sea. */
function label(project, [text, longitude, latitude, options], colours) {
  const { at, to = at && [longitude, latitude], anchor = "middle", shown, spacing } = options;
  const name = oneRow(text), colour = colours[name.toLowerCase()];
  isThere(name, to ?? [longitude, latitude]);
  const [x, y] = at ?? project([longitude, latitude]);
  const size = colour && Object.keys(colours).length === 1 ? ASKED_SIZE : SIZE;
  const line = to ? [leader(x, y, project(to), anchor)] : [];
  const words = (style) => [...line, written(shown.split("\n"), x, y, size, anchor, style, spacing)];
  if (FOREIGN[name]) return words(`${SLANTED} fill="${QUIET}" stroke="${LAND}"`);
  if (SEAS.includes(name)) return words(`${SLANTED} fill="${DEEP}" stroke="${SEA}"`);
  if (to) return words(`${BOLD} fill="${colour ?? INK}" stroke="${LAND}"`); // it stands beside its state
  return words(colour ? `${BOLD} fill="${LINE}" stroke="${colour}"` : `${BOLD} fill="${INK}" stroke="${STATE}"`);
}

/** A line from a name to its state: no border, so it has another element and colour. */
function leader(x, y, [endX, endY], anchor) {
  const start = anchor === "middle" ? [x, y + (endY < y ? -1 : 1) * SIZE * 0.5] : [x + 2, y];
  const [x1, y1, x2, y2] = [...start, endX, endY].map((value) => value.toFixed(1));
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${INK}" stroke-width="0.8"/>`;
}

/** Rows of words around a place. The colour of the ground around the letters keeps lines away from them. */
function written(rows, x, y, size, anchor, style, spacing = 1) {
  const first = y + size * (0.35 - (rows.length - 1) * spacing * 0.5);
  const tspan = (row, i) => `<tspan x="${x.toFixed(1)}" y="${(first + i * size * spacing).toFixed(1)}">${row}</tspan>`;
  const inside = rows.length === 1 ? rows[0] : rows.map(tspan).join("");
  return `<text x="${x.toFixed(1)}" y="${first.toFixed(1)}" font-size="${size}" text-anchor="${anchor}" ${style} ` +
    `stroke-width="3" stroke-linejoin="round" paint-order="stroke">${inside}</text>`;
}

/** The place of a name, or the end of its line, must be in its own state, and the place of a sea's name not on land. */
function isThere(name, place) {
  const foreign = () => feature(topology, geometries.find((geometry) => geometry.id === FOREIGN[name]));
  const isRight = SEAS.includes(name)
    ? !geoContains(exact.land, place)
    : geoContains(exact.states.get(name.toLowerCase()) ?? foreign(), place);
  if (!isRight) throw new Error(`${name} is not at ${place}`);
}

/** A town: a dot and its letter, with or without its name. Beside the answer, the others are quiet. */
function dot(project, [name, at, side], asked) {
  const [x, y] = project(at), [letter, ...rest] = name;
  const called = rest.length ? `${letter}<tspan font-size="${SIZE}">${rest.join("")}</tspan>` : letter;
  const isQuiet = asked && name !== asked;
  const radius = name === asked ? 7 : 4.5;
  const [start, anchor] = side === "west" ? [x - 4 - radius, "end"] : [x + 4 + radius, "start"];
  const style = isQuiet ? `fill="${QUIET}"` : `${BOLD} fill="${INK}"`;
  const colour = isQuiet ? QUIET : GONE;
  return [
    `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius}" fill="${colour}" stroke="${LINE}"/>`,
    written([called], start, y, LETTER_SIZE, anchor, `${style} stroke="${STATE}"`),
  ];
}

/** A path in whole tenths, relative, without specks. */
function path(project, shape, attributes) {
  const rings = [];
  geoPath(project, {
    moveTo: (x, y) => rings.push([[x, y]]),
    lineTo: (x, y) => rings.at(-1).push([x, y]),
    closePath: () => rings.at(-1).push("Z"),
    arc: () => {},
  })(shape);
  const kept = rings.map((ring) => rounded(ring)).filter((ring) => ring);
  return kept.length ? `<path ${attributes} d="${kept.join("")}"/>` : "";
}

/** A ring or a line as a part of a path; nothing if it is a speck. */
function rounded(ring) {
  const closed = ring.at(-1) === "Z";
  const tenths = (closed ? ring.slice(0, -1) : ring).map((point) => point.map((value) => Math.round(value * 10)));
  const kept = tenths.filter((point, i) => !i || `${point}` !== `${tenths[i - 1]}`);
  const [xs, ys] = [0, 1].map((axis) => kept.map((point) => point[axis]));
  const size = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
  if (kept.length < 2 || (closed && (kept.length < 3 || size < 20))) return "";
  const steps = kept.slice(1).map(([x, y], i) => [x - kept[i][0], y - kept[i][1]]);
  const numbers = [kept[0], ...steps].map((pair) => pair.map(short));
  const joined = numbers.map(([x, y]) => (y.startsWith("-") ? x + y : `${x},${y}`));
  const rest = joined.slice(1).join(" ").replaceAll(" -", "-");
  return `M${joined[0]}l${rest}${closed ? "z" : ""}`;
}

/** A number without its leading zero. */
function short(tenths) {
  return `${tenths / 10}`.replace(/^(-?)0\./, "$1.");
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
