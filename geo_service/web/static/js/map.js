// The map page: draws our tiles with MapLibre, lets people choose an area by mouse, touch, keyboard or list,
// and keeps the choice in the address (#area=…). Without WebGL the list of areas stands in.

import { showAreas, hideAreas, showMessage } from "./panel.js";

const settings = JSON.parse(document.getElementById("map-settings").textContent);
const texts = settings.texts;
const base = new URL(settings.prefix || "/", location.origin).href.replace(/\/$/, "");
const view = document.getElementById("map-view");
const chooser = document.getElementById("choose");

const AREA_LAYERS = ["area-fill", "area-point"];
const SELECTION_LAYERS = ["area-selected", "area-point-selected"];
const GROUND_LAYERS = ["municipality-glow", "municipality-dot"];
const TOUCH_MARGIN = 6; // pixels around the pointer that still count as a hit on a small symbol
const MAX_FIT_ZOOM = 14;

function hasWebGL() {
  const canvas = document.createElement("canvas");
  return Boolean(canvas.getContext("webgl2") || canvas.getContext("webgl"));
}

function fallBackToList() {
  document.documentElement.classList.add("no-map");
  document.getElementById("fallback-note").textContent = texts.no_webgl;
}

async function loadStyle() {
  const answer = await fetch(base + settings.style);
  if (!answer.ok) throw new Error(`style: ${answer.status}`);
  // The style names the public address; the page asks the host it came from, whichever name that has.
  const style = JSON.parse((await answer.text()).replaceAll(settings.base, base));
  if (settings.hasOutlines) {
    // Dots and glow around the towns only stand in for outlines that nobody has imported.
    style.layers = style.layers.filter((layer) => !GROUND_LAYERS.includes(layer.id));
  }
  return style;
}

function padding() {
  const info = document.getElementById("map-info");
  const beside = window.innerWidth >= 800;
  const open = info.open && beside ? info.offsetWidth + 32 : 24;
  return { top: beside ? 40 : 72, bottom: 48, right: 48, left: open };
}

function fitAll(map, options = {}) {
  if (!settings.bbox) return;
  const [west, south, east, north] = settings.bbox;
  map.fitBounds([[west, south], [east, north]], { padding: padding(), maxZoom: MAX_FIT_ZOOM, ...options });
}

function boundsOf(coordinates, bounds = [Infinity, Infinity, -Infinity, -Infinity]) {
  if (typeof coordinates[0] === "number") {
    const [lon, lat] = coordinates;
    return [Math.min(bounds[0], lon), Math.min(bounds[1], lat), Math.max(bounds[2], lon), Math.max(bounds[3], lat)];
  }
  return coordinates.reduce((sofar, part) => boundsOf(part, sofar), bounds);
}

class FitControl {
  onAdd(map) {
    this.element = document.createElement("div");
    this.element.className = "maplibregl-ctrl maplibregl-ctrl-group";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "fit-button";
    button.title = texts.fit;
    button.setAttribute("aria-label", texts.fit);
    button.addEventListener("click", () => fitAll(map));
    this.element.append(button);
    return this.element;
  }

  onRemove() {
    this.element.remove();
  }
}

function highlight(map, areaIds) {
  for (const layer of SELECTION_LAYERS) {
    map.setFilter(layer, ["in", ["get", "area_id"], ["literal", areaIds]]);
  }
}

function rememberChoice(areaId) {
  const hash = areaId ? `#area=${encodeURIComponent(areaId)}` : "";
  if (location.hash !== hash) history.replaceState(null, "", location.pathname + location.search + hash);
}

function clearChoice(map) {
  request.abort();
  highlight(map, []);
  hideAreas();
  chooser.value = "";
  rememberChoice(null);
}

function choose(map, areas, { focus = true } = {}) {
  request.abort();
  highlight(map, areas.map((area) => area.area_id));
  rememberChoice(areas.length === 1 ? areas[0].area_id : null);
  chooser.value = areas.length === 1 ? areas[0].area_id : "";
  showAreas(areas, settings, { focus, onClose: () => { clearChoice(map); map.getCanvas().focus(); } });
}

// Whoever chooses again before an answer has come means the last choice.
let request = new AbortController();

async function loadArea(areaId) {
  request.abort();
  request = new AbortController();
  const address = `${base}/api/collections/programme-areas/items/${encodeURIComponent(areaId)}`;
  const answer = await fetch(address, { headers: { Accept: "application/geo+json" }, signal: request.signal });
  if (answer.ok) return answer.json();
  throw new Error(answer.status === 404 || answer.status === 410 ? texts.unknown_area : texts.load_failed);
}

// Choosing by identifier: the feature says where the area lies, however far away the map is.
async function chooseById(map, areaId, options) {
  let feature;
  try {
    feature = await loadArea(areaId);
  } catch (error) {
    if (error.name === "AbortError") return;
    showMessage(error instanceof TypeError ? texts.load_failed : error.message);
    return;
  }
  choose(map, [feature.properties], options);
  const [west, south, east, north] = boundsOf(feature.geometry.coordinates);
  const room = padding();
  if (window.innerWidth < 800) room.bottom = Math.min(320, window.innerHeight / 2);
  map.fitBounds([[west, south], [east, north]], { padding: room, maxZoom: MAX_FIT_ZOOM });
}

function areasAt(map, point) {
  const box = [
    [point.x - TOUCH_MARGIN, point.y - TOUCH_MARGIN],
    [point.x + TOUCH_MARGIN, point.y + TOUCH_MARGIN],
  ];
  const exact = map.queryRenderedFeatures(point, { layers: AREA_LAYERS });
  const found = exact.length ? exact : map.queryRenderedFeatures(box, { layers: AREA_LAYERS });
  const byId = new Map(found.map((feature) => [feature.properties.area_id, feature.properties]));
  return [...byId.values()];
}

function addInteraction(map) {
  const canvas = map.getCanvas();
  canvas.setAttribute("aria-label", texts.keyboard);
  map.on("click", (event) => {
    const areas = areasAt(map, event.point);
    if (areas.length) choose(map, areas);
    else clearChoice(map);
  });
  map.on("mousemove", (event) => {
    canvas.style.cursor = areasAt(map, event.point).length ? "pointer" : "";
  });
  canvas.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      const areas = areasAt(map, map.project(map.getCenter()));
      if (areas.length) choose(map, areas);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") clearChoice(map);
  });
  chooser.addEventListener("change", () => {
    if (chooser.value) chooseById(map, chooser.value, { focus: false });
    else clearChoice(map);
  });
  window.addEventListener("hashchange", () => chooseFromAddress(map));
}

function chooseFromAddress(map) {
  const areaId = new URLSearchParams(location.hash.slice(1)).get("area");
  if (areaId) chooseById(map, areaId, { focus: false });
  return Boolean(areaId);
}

async function start() {
  if (!hasWebGL()) return fallBackToList();
  const info = document.getElementById("map-info");
  if (window.innerWidth < 800) info.open = false;
  const [maplibre, style] = await Promise.all([import(settings.library), loadStyle()]);
  const map = new maplibre.Map({
    container: "map",
    style,
    minZoom: 5,
    maxZoom: 18,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    locale: {
      "NavigationControl.ZoomIn": texts.zoom_in,
      "NavigationControl.ZoomOut": texts.zoom_out,
      "AttributionControl.ToggleAttribution": texts.attribution,
    },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new FitControl(), "top-right");
  map.addControl(new maplibre.ScaleControl({ unit: "metric" }), "bottom-right");
  map.addControl(new maplibre.AttributionControl({ compact: true }), "bottom-right");
  if (!chooseFromAddress(map)) fitAll(map, { animate: false });
  addInteraction(map);
  map.on("error", (event) => {
    console.warn(event.error?.message ?? event);
    showMessage(texts.tiles_failed);
  });
  map.on("idle", () => view.dataset.ready = "true");
  window.programmeAreaMap = map; // for people who look into the page, and for its tests
}

start().catch((error) => {
  console.warn(error);
  fallBackToList();
});
