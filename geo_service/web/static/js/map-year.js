// The state in a year: how a layer that draws the status of today draws that of another year. The tiles have the
// years of begin and end, so that nothing is asked from the server while the year changes.

const STATUS = JSON.stringify(["get", "status"]);

// A period is known when it has a begin, and an end or a status that leaves it open.
function hasBegun(year) {
  return [
    "all",
    ["has", "start_year"],
    ["<=", ["get", "start_year"], year],
    ["any", ["has", "end_year"], ["in", ["get", "status"], ["literal", ["planned", "ongoing"]]]],
  ];
}

function stateIn(year) {
  return ["case", ["all", ["has", "end_year"], ["<", ["get", "end_year"], year]], "completed", "ongoing"];
}

function inYear(value, year) {
  const text = JSON.stringify(value);
  return text?.includes(STATUS) ? JSON.parse(text.replaceAll(STATUS, JSON.stringify(stateIn(year)))) : value;
}

function filterIn(layer, year, states) {
  const parts = ["all", hasBegun(year), ["in", stateIn(year), ["literal", states]]];
  if (layer.filter) parts.push(inYear(layer.filter, year));
  return parts;
}

// The same, for an area.
export function isKnownPeriod({ start_year: start, end_year: end, status }) {
  return Boolean(start && (end || ["planned", "ongoing"].includes(status)));
}

// The state of an area that is drawn in a year: only what had begun is.
export function stateOf({ end_year: end }, year) {
  return end && end < year ? "completed" : "ongoing";
}

// Layers of a map that shows one year from the beginning.
export function layersInYear(layers, source, year, states) {
  return layers.map((layer) => (layer.source !== source ? layer : {
    ...layer,
    filter: filterIn(layer, year, states),
    ...Object.fromEntries(["paint", "layout"].filter((kind) => layer[kind]).map((kind) => [kind, inYear(layer[kind], year)])),
  }));
}

// Draws `layers`, as the style has them, in `year`; without a year as they are.
function showYear(map, layers, year, states) {
  for (const layer of layers) {
    map.setFilter(layer.id, year ? filterIn(layer, year, states) : layer.filter);
    for (const [kind, set] of [["paint", "setPaintProperty"], ["layout", "setLayoutProperty"]]) {
      for (const [name, value] of Object.entries(layer[kind] ?? {})) {
        if (JSON.stringify(value).includes(STATUS)) map[set](layer.id, name, year ? inYear(value, year) : value);
      }
    }
  }
}

// What is drawn follows what is wanted, one step at a time: the library loses new tiles when their layers change
// while they are on their way.
export class Drawing {
  constructor(map, source, layers, tiles) {
    Object.assign(this, { map, source, layers });
    this.shown = { tiles, year: null, states: null };
    this.wanted = { ...this.shown };
    this.busy = true;
    map.once("style.load", () => this.#next());
  }

  want(changes) {
    Object.assign(this.wanted, changes);
    if (!this.busy) this.#next();
  }

  #next() {
    const { map, shown, wanted } = this;
    const sameYear = shown.year === wanted.year && (!wanted.year || String(shown.states) === String(wanted.states));
    this.busy = !sameYear || shown.tiles !== wanted.tiles;
    if (!this.busy) return;
    if (!sameYear) {
      Object.assign(shown, { year: wanted.year, states: wanted.states });
      showYear(map, this.layers, wanted.year, wanted.states);
    } else {
      shown.tiles = wanted.tiles;
      map.getSource(this.source).setTiles([wanted.tiles]);
    }
    map.once("idle", () => this.#next());
    map.triggerRepaint();
  }
}
