// The map in somebody else's page: areas of one choice, their legend and the way to their profiles. It leaves the
// wheel to the page around it. Without WebGL the list stands in.

import { boundsOf, fitBox, hasWebGL, loadStyle, makeMap, readSettings, serviceAddress } from "./map-base.js";
import { layersInYear, stateOf } from "./map-year.js";

const settings = readSettings();
const texts = settings.texts;
const list = document.getElementById("list");
const toggle = document.getElementById("list-toggle");
const note = document.getElementById("note");
const panel = document.getElementById("selection");
const SOURCE = "programme-areas";
const AREA_LAYERS = ["area-fill", "area-point"];
const SELECTION_LAYERS = ["area-selected", "area-point-selected"];
const TOUCH_MARGIN = 6; // pixels around the pointer that still count as a hit on a small symbol

function fallBack(text) {
  document.documentElement.classList.add("no-map");
  note.textContent = text;
  note.hidden = false;
}

function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

function symbol(status) {
  const drawn = document.querySelector(`.embed-legend li[data-status="${status ?? "unknown"}"] .symbol`);
  return drawn ? drawn.cloneNode(true) : "";
}

function highlight(map, areaId) {
  for (const layer of SELECTION_LAYERS) map.setFilter(layer, ["==", ["get", "area_id"], areaId ?? ""]);
}

function clear(map) {
  panel.hidden = true;
  panel.replaceChildren();
  highlight(map, null);
}

function closeButton(map) {
  const button = element("button", "embed-close", "×");
  button.type = "button";
  button.setAttribute("aria-label", texts.close);
  button.title = texts.close;
  button.addEventListener("click", () => { clear(map); map.getCanvas().focus(); });
  return button;
}

// The status of today, or that of the year that the address asks for.
function badgeOf(area) {
  const { year, states, language } = settings;
  const status = year ? stateOf(area, year) : area.status;
  const label = year ? `${states[status]} (${year})` : area[`status_${language}`];
  return element("span", "badge", symbol(status), element("span", "", label));
}

function show(map, area) {
  const link = element("a", "", texts.profile, element("span", "unseen", ` ${texts.new_window}`));
  link.href = `${settings.prefix}/profiles/${encodeURIComponent(area.area_id)}${settings.languageQuery}`;
  link.target = "_blank";
  link.rel = "noopener";
  panel.replaceChildren(
    closeButton(map), element("h2", "", area.name),
    element("p", "", `${area.municipality} · `, badgeOf(area)), element("p", "", link),
  );
  panel.hidden = false;
  highlight(map, area.area_id);
}

function areaAt(map, { x, y }) {
  const box = [[x - TOUCH_MARGIN, y - TOUCH_MARGIN], [x + TOUCH_MARGIN, y + TOUCH_MARGIN]];
  const [exact] = map.queryRenderedFeatures([x, y], { layers: AREA_LAYERS });
  return (exact ?? map.queryRenderedFeatures(box, { layers: AREA_LAYERS })[0])?.properties;
}

function addInteraction(map) {
  const canvas = map.getCanvas();
  canvas.setAttribute("aria-label", texts.keyboard);
  const choose = (area) => (area ? show(map, area) : clear(map));
  map.on("click", (event) => choose(areaAt(map, event.point)));
  map.on("mousemove", (event) => { canvas.style.cursor = areaAt(map, event.point) ? "pointer" : ""; });
  canvas.addEventListener("keydown", (event) => {
    if (event.key === "Enter") choose(areaAt(map, map.project(map.getCenter())));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (list.classList.contains("shown")) toggle.click();
    else clear(map);
  });
}

// Boxes are around the middles of areas, which reach beyond; but a small frame has little room to spare.
function room() {
  const { clientWidth, clientHeight } = document.getElementById("map");
  return Math.min(60, Math.round(Math.min(clientWidth, clientHeight) / 6));
}

function connectList() {
  toggle?.addEventListener("click", () => {
    const shown = list.classList.toggle("shown");
    toggle.setAttribute("aria-expanded", String(shown));
    if (!shown) toggle.focus();
  });
}

// An area that the address names is marked, and the map goes there unless the address says where it is to stand.
async function goToArea(map) {
  highlight(map, settings.area);
  if (settings.view?.center) return;
  const address = `${serviceAddress(settings)}/api/collections/programme-areas/items/${encodeURIComponent(settings.area)}`;
  const answer = await fetch(address, { headers: { Accept: "application/geo+json" } });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  fitBox(map, boundsOf((await answer.json()).geometry.coordinates), { animate: false, padding: room() });
  if (settings.view) map.setZoom(settings.view.zoom);
}

async function start() {
  if (!hasWebGL()) return fallBack(texts.no_webgl);
  const [maplibre, style] = await Promise.all([import(settings.library), loadStyle(settings)]);
  const source = style.sources[SOURCE];
  if (settings.year) style.layers = layersInYear(style.layers, SOURCE, settings.year, Object.keys(settings.states));
  if (settings.tiles) source.tiles = source.tiles.map((address) => `${address}?${settings.tiles}`);
  const map = makeMap(maplibre, texts, {
    style,
    cooperativeGestures: true, // the page around it scrolls
    locale: {
      "CooperativeGesturesHandler.WindowsHelpText": texts.gesture,
      "CooperativeGesturesHandler.MacHelpText": texts.gesture_mac,
      "CooperativeGesturesHandler.MobileHelpText": texts.gesture_touch,
    },
  });
  fitBox(map, settings.bbox, { animate: false, padding: room(), maxZoom: 12 });
  if (settings.view) map.jumpTo(settings.view);
  connectList();
  map.on("error", (event) => console.warn(event.error?.message ?? event));
  map.once("style.load", () => {
    addInteraction(map);
    if (settings.area) {
      panel.prepend(closeButton(map));
      goToArea(map).catch((error) => console.warn(error));
    }
  });
  map.on("idle", () => { document.documentElement.dataset.ready = "true"; });
  window.embeddedMap = map; // for people who look into the page, and for its tests
}

start().catch((error) => {
  console.warn(error);
  fallBack(texts.not_loaded);
});
