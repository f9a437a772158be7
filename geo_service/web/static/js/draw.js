// Draws a polygon on the map and writes it as GeoJSON into the form; what is pasted there is shown on the map.
// The text field is the one truth: without JavaScript or WebGL the form works by pasting and uploading.
import { boundsOf, fitBox, hasWebGL, loadStyle, makeMap, readSettings } from "./map-base.js";

const settings = readSettings();
const texts = settings.texts;
const box = document.getElementById("draw");
const field = document.getElementById("plan");
const state = document.getElementById("draw-state");
const tools = box.querySelector(".draw-tools");
const INK = "#7a1f5c";
const EMPTY = { type: "FeatureCollection", features: [] };
const LAYERS = [
  { id: "plan-fill", type: "fill", source: "plan", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": "#c13b96", "fill-opacity": 0.2 } },
  { id: "plan-edge", type: "line", source: "plan", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": "#fff", "line-width": 6, "line-opacity": 0.8 } },
  { id: "plan-line", type: "line", source: "plan", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": INK, "line-width": 2.5 } },
  { id: "plan-corner", type: "circle", source: "plan", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 5, "circle-color": "#fff", "circle-stroke-color": INK, "circle-stroke-width": 2.5 } },
];

let corners = []; // of the polygon being drawn
let drawing = false;

function rounded(point) {
  return [Number(point.lng.toFixed(7)), Number(point.lat.toFixed(7))];
}

// The polygons of pasted GeoJSON in degrees; null for anything else, which only the server reads.
function pasted() {
  let value;
  try {
    value = JSON.parse(field.value);
  } catch {
    return null;
  }
  const collect = (one) => {
    if (one?.type === "FeatureCollection") return one.features.flatMap(collect);
    if (one?.type === "Feature") return collect(one.geometry);
    if (one?.type === "GeometryCollection") return one.geometries.flatMap(collect);
    return ["Polygon", "MultiPolygon"].includes(one?.type) ? [one] : [];
  };
  try {
    const shapes = collect(value);
    const [west, south, east, north] = boundsOf(shapes.map((shape) => shape.coordinates));
    const inDegrees = west >= -180 && east <= 180 && south >= -90 && north <= 90;
    return shapes.length && inDegrees ? shapes : null;
  } catch {
    return null;
  }
}

function features() {
  if (!drawing) return (pasted() ?? []).map((geometry) => ({ type: "Feature", geometry, properties: {} }));
  const points = corners.map((coordinates) => ({ type: "Feature", geometry: { type: "Point", coordinates }, properties: {} }));
  if (corners.length < 2) return points;
  const geometry = corners.length === 2
    ? { type: "LineString", coordinates: corners }
    : { type: "Polygon", coordinates: [[...corners, corners[0]]] };
  return [{ type: "Feature", geometry, properties: {} }, ...points];
}

function button(text, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", action);
  tools.append(made);
  return made;
}

async function start() {
  if (!hasWebGL()) return; // pasting and uploading remain
  box.hidden = false;
  const [maplibre, style] = await Promise.all([import(settings.library), loadStyle(settings)]);
  const map = makeMap(maplibre, texts, { style, doubleClickZoom: false });
  map.scrollZoom.disable(); // the page scrolls
  map.getCanvas().setAttribute("aria-label", texts.label);
  map.getCanvas().setAttribute("aria-describedby", "draw-hint");

  const addButton = button(texts.add, () => add(rounded(map.getCenter())));
  const undoButton = button(texts.undo, undo);
  const finishButton = button(texts.finish, finish);
  const clearButton = button(texts.clear, clear);

  function show() {
    map.getSource("plan")?.setData({ ...EMPTY, features: features() });
    undoButton.disabled = !drawing || !corners.length;
    finishButton.disabled = !drawing || corners.length < 3;
    clearButton.disabled = !drawing && !field.value;
    box.dataset.corners = corners.length;
    if (drawing) state.textContent = texts.count.replace("{count}", corners.length);
    else if (!field.value) state.textContent = texts.start;
    else state.textContent = pasted() ? texts.done : texts.unreadable;
  }

  function add(corner) {
    if (!drawing) {
      drawing = true;
      corners = [];
      field.value = "";
    }
    const last = corners.at(-1);
    if (!last || last[0] !== corner[0] || last[1] !== corner[1]) corners.push(corner);
    show();
  }

  function undo() {
    corners.pop();
    if (!corners.length) drawing = false;
    show();
  }

  function finish() {
    if (corners.length < 3) return;
    field.value = JSON.stringify({ type: "Polygon", coordinates: [[...corners, corners[0]]] });
    document.getElementById("crs").value = "";
    document.getElementById("file").value = "";
    drawing = false;
    corners = [];
    show();
  }

  function clear() {
    drawing = false;
    corners = [];
    field.value = "";
    show();
    map.getCanvas().focus();
  }

  function fitPasted(options) {
    const shapes = pasted();
    if (shapes) fitBox(map, boundsOf(shapes.map((shape) => shape.coordinates)), options);
  }

  map.on("click", (event) => add(rounded(event.lngLat)));
  map.on("dblclick", finish);
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key === "Enter") add(rounded(map.getCenter()));
    else if (event.key === "Backspace") undo();
    else if (event.key === "Escape") clear();
    else return;
    event.preventDefault();
  });
  field.addEventListener("input", () => {
    drawing = false;
    corners = [];
    show();
    fitPasted({ animate: false });
  });
  map.on("error", (event) => console.warn(event.error?.message ?? event));
  map.on("load", () => {
    map.addSource("plan", { type: "geojson", data: EMPTY });
    for (const layer of LAYERS) map.addLayer(layer);
    map.getCanvas().style.cursor = "crosshair";
    show();
  });
  map.on("idle", () => { box.dataset.ready = "true"; });
  fitBox(map, settings.bbox, { animate: false });
  fitPasted({ animate: false });
  window.planMap = map; // for people who look into the page, and for its tests
}

start().catch((error) => {
  console.warn(error);
  state.textContent = texts.failed;
});
