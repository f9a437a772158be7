// The map on a page of the API: over the towns of our own tiles it draws the features of this very page, or,
// where a page has no features of its own, the areas. Without JavaScript or WebGL the page does without it.

import { boundsOf, fitBox, hasWebGL, loadStyle, makeMap, readSettings } from "./map-base.js";

const settings = readSettings();
const texts = settings.texts;
const box = document.getElementById("feature-map");
const note = document.getElementById("map-note");
const STATUS_COLOUR = [
  "match", ["get", "status"],
  "ongoing", "#0b5cad", "completed", "#0f7a5f", "planned", "#c2510a", "#5b6675",
];
const AREA = ["in", ["geometry-type"], ["literal", ["Polygon", "MultiPolygon"]]];

const FEATURE_LAYERS = [
  {
    id: "feature-fill", type: "fill", source: "features", filter: AREA,
    paint: { "fill-color": STATUS_COLOUR, "fill-opacity": 0.3 },
  },
  {
    id: "feature-shown", type: "line", source: "features", filter: ["==", ["get", "item"], ""],
    paint: { "line-color": "#ffd23f", "line-width": 9, "line-opacity": 0.9 },
  },
  {
    id: "feature-line", type: "line", source: "features",
    filter: ["all", AREA, ["!=", ["get", "geom_basis"], "schematic"]],
    paint: { "line-color": STATUS_COLOUR, "line-width": 2 },
  },
  {
    id: "feature-line-schematic", type: "line", source: "features",
    filter: ["all", AREA, ["==", ["get", "geom_basis"], "schematic"]],
    paint: { "line-color": STATUS_COLOUR, "line-width": 2, "line-dasharray": [2.4, 1.6] },
  },
  {
    id: "feature-place", type: "circle", source: "places", maxzoom: 11,
    paint: {
      "circle-radius": 5.5, "circle-color": STATUS_COLOUR, "circle-stroke-color": "#fff", "circle-stroke-width": 1.5,
    },
  },
  {
    id: "feature-point", type: "circle", source: "features", filter: ["==", ["geometry-type"], "Point"],
    paint: {
      "circle-radius": 6, "circle-color": STATUS_COLOUR, "circle-stroke-color": "#fff", "circle-stroke-width": 1.5,
    },
  },
  {
    id: "feature-point-shown", type: "circle", source: "places", filter: ["==", ["get", "item"], ""],
    paint: { "circle-radius": 12, "circle-color": "#ffd23f", "circle-opacity": 0.75, "circle-stroke-color": "#4a3b00", "circle-stroke-width": 1.5 },
  },
];

function say(text) {
  note.textContent = text;
  note.hidden = false;
}

async function loadFeatures() {
  const address = new URL(settings.data, location.origin);
  const answer = await fetch(address, { headers: { Accept: "application/geo+json" } });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  const found = await answer.json();
  const features = found.type === "Feature" ? [found] : found.features;
  return features.filter((feature) => feature.geometry);
}

// The identifier is text, which tiles of MapLibre do not keep as an id; so it travels as a property.
function withItem(feature) {
  return { ...feature, properties: { ...feature.properties, item: String(feature.id) } };
}

// From afar an area is too small to see; a dot in the middle of its box says where it is.
function placeOf(feature) {
  const [west, south, east, north] = boundsOf(feature.geometry.coordinates);
  return {
    type: "Feature",
    geometry: { type: "Point", coordinates: [(west + east) / 2, (south + north) / 2] },
    properties: feature.properties,
  };
}

async function makeStyle(features) {
  const style = await loadStyle(settings);
  if (!features) return style;
  const collection = (list) => ({ type: "geojson", data: { type: "FeatureCollection", features: list } });
  const shown = features.map(withItem);
  style.sources = { ...style.sources, features: collection(shown), places: collection(shown.map(placeOf)) };
  delete style.sources["programme-areas"];
  const ground = style.layers.filter((layer) => layer.source !== "programme-areas");
  const labels = ground.filter((layer) => layer.type === "symbol");
  style.layers = [...ground.filter((layer) => layer.type !== "symbol"), ...FEATURE_LAYERS, ...labels];
  return style;
}

function boxOf(features) {
  return features?.length ? boundsOf(features.map((feature) => boundsOf(feature.geometry.coordinates)).flatMap(
    ([west, south, east, north]) => [[west, south], [east, north]])) : settings.bbox;
}

function rowOf(item) {
  return [...document.querySelectorAll("tr[data-id]")].find((row) => row.dataset.id === item);
}

function show(map, item) {
  document.querySelectorAll("tr.shown").forEach((row) => row.classList.remove("shown"));
  if (item) rowOf(item)?.classList.add("shown");
  map.setFilter("feature-shown", ["==", ["get", "item"], item || ""]);
  map.setFilter("feature-point-shown", ["==", ["get", "item"], item || ""]);
}

// The table and the map point at each other: by pointer and by keyboard.
function connectRows(map) {
  for (const row of document.querySelectorAll("tr[data-id]")) {
    row.addEventListener("pointerenter", () => show(map, row.dataset.id));
    row.addEventListener("focusin", () => show(map, row.dataset.id));
  }
  const layers = ["feature-fill", "feature-place", "feature-point"];
  const itemAt = (point) => map.queryRenderedFeatures(point, { layers })[0]?.properties.item;
  map.on("mousemove", (event) => {
    map.getCanvas().style.cursor = itemAt(event.point) ? "pointer" : "";
  });
  map.on("click", (event) => {
    const item = itemAt(event.point);
    show(map, item);
    if (item) rowOf(item)?.querySelector("a").focus();
  });
}

// The visible part of the map becomes the box of the filter form; sending it is left to the person.
function addBoxButton(map) {
  const inputs = document.querySelectorAll("#filter-bbox input");
  if (!inputs.length) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "use-bbox";
  button.textContent = texts.use_bbox;
  button.addEventListener("click", () => {
    const bounds = map.getBounds();
    const sides = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    inputs.forEach((input, index) => { input.value = sides[index].toFixed(4); });
    inputs[0].focus();
  });
  box.append(button);
}

async function start() {
  if (!hasWebGL()) {
    console.info(texts.no_webgl);
    return;
  }
  box.hidden = false;
  const [maplibre, features] = await Promise.all([import(settings.library), settings.data ? loadFeatures() : null]);
  const map = makeMap(maplibre, texts, { style: await makeStyle(features) });
  map.scrollZoom.disable(); // the page scrolls
  map.getCanvas().setAttribute("aria-label", `${box.dataset.label}. ${texts.label}`);
  fitBox(map, boxOf(features), { animate: false });
  map.on("error", (event) => console.warn(event.error?.message ?? event));
  map.on("load", () => {
    if (features) connectRows(map);
    addBoxButton(map);
  });
  map.on("idle", () => { box.dataset.ready = "true"; });
  window.featureMap = map; // for people who look into the page, and for its tests
}

start().catch((error) => {
  console.warn(error);
  say(texts.failed);
});
