// Areas on the map: which one is under the pointer, which ones are chosen, which ones are in view.
// Tiles carry whole numbers as identifiers; states of features hang on those.

export const SOURCE = "programme-areas";
const LAYERS = ["area-fill", "area-point"];
const SOURCE_LAYERS = ["programme-areas", "programme-area-points"];
const TOUCH_MARGIN = 6; // pixels around the pointer that still count as a hit on a small symbol

const on = (state, yes, no) => ["case", ["boolean", ["feature-state", state], false], yes, no];

// Layers of our own that mark areas, below the outlines and symbols of the style.
export function addMarks(style) {
  const line = (id, state, colour, width) => ({
    id, type: "line", source: SOURCE, "source-layer": "programme-areas", layout: { "line-join": "round" },
    paint: { "line-color": colour, "line-width": width, "line-opacity": on(state, 0.95, 0) },
  });
  const circle = (id, state, colour, radius) => ({
    id, type: "circle", source: SOURCE, "source-layer": "programme-area-points", maxzoom: 12,
    paint: {
      "circle-radius": radius, "circle-color": colour, "circle-opacity": on(state, 0.95, 0),
      "circle-stroke-color": "#3a2f00", "circle-stroke-width": 1.5, "circle-stroke-opacity": on(state, 1, 0),
    },
  });
  const marks = {
    "area-outline-official": [line("mark-hover", "hover", "#ffe58a", 6), line("mark-chosen", "chosen", "#ffd23f", 8)],
    "area-point": [circle("mark-point-hover", "hover", "#ffe58a", 11), circle("mark-point-chosen", "chosen", "#ffd23f", 13)],
  };
  style.layers = style.layers.flatMap((layer) => [...(marks[layer.id] ?? []), layer]);
}

function mark(map, id, state) {
  for (const sourceLayer of SOURCE_LAYERS) map.setFeatureState({ source: SOURCE, sourceLayer, id }, state);
}

function unique(features) {
  const found = new Map();
  for (const { id, properties } of features) found.set(properties.area_id, { ...properties, id });
  return [...found.values()];
}

export function areasAt(map, point) {
  const box = [
    [point.x - TOUCH_MARGIN, point.y - TOUCH_MARGIN],
    [point.x + TOUCH_MARGIN, point.y + TOUCH_MARGIN],
  ];
  const exact = map.queryRenderedFeatures(point, { layers: LAYERS });
  return unique(exact.length ? exact : map.queryRenderedFeatures(box, { layers: LAYERS }));
}

export function areasInView(map) {
  return unique(map.queryRenderedFeatures(undefined, { layers: LAYERS }));
}

// What is marked; an area that is known by its public identifier alone is found when its tile has come.
export class Marks {
  constructor(map) {
    this.map = map;
    this.hovered = null;
    this.chosen = new Map();
    map.on("idle", () => this.#find());
  }

  hover(id) {
    if (id === this.hovered) return;
    if (this.hovered !== null) mark(this.map, this.hovered, { hover: false });
    if (id !== null) mark(this.map, id, { hover: true });
    this.hovered = id;
  }

  choose(areas) {
    for (const id of this.chosen.values()) if (id !== null) mark(this.map, id, { chosen: false });
    this.chosen = new Map(areas.map((area) => [area.area_id, area.id ?? null]));
    for (const id of this.chosen.values()) if (id !== null) mark(this.map, id, { chosen: true });
    this.#find();
  }

  #find() {
    for (const [areaId, known] of this.chosen) {
      if (known !== null || !this.map.getSource(SOURCE)) continue;
      const filter = ["==", ["get", "area_id"], areaId];
      const [found] = this.map.querySourceFeatures(SOURCE, { sourceLayer: "programme-area-points", filter });
      if (found === undefined) continue;
      this.chosen.set(areaId, found.id);
      mark(this.map, found.id, { chosen: true });
    }
  }
}
