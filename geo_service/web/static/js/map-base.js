// What every map of these pages shares: where it asks, the style, the map with its controls, and boxes.

export const MAX_FIT_ZOOM = 14;
const SMALL = 640; // pixels
// Dots and glow around the towns only stand in for outlines that nobody has imported.
const GROUND_LAYERS = ["municipality-glow", "municipality-dot"];
const TOWNS = "municipalities"; // the source, and its layer of outlines

// The settings that the page's maker wrote into it, as JSON.
export function readSettings() {
  return JSON.parse(document.getElementById("map-settings").textContent);
}

export function hasWebGL() {
  const canvas = document.createElement("canvas");
  return Boolean(canvas.getContext("webgl2") || canvas.getContext("webgl"));
}

// The address of the service as this page was reached, without a slash at the end.
export function serviceAddress(settings) {
  return new URL(settings.prefix || "/", location.origin).href.replace(/\/$/, "");
}

// The style names the public address; the page asks the host it came from, whichever name that has.
export async function loadStyle(settings) {
  const address = serviceAddress(settings);
  const answer = await fetch(address + settings.style);
  if (!answer.ok) throw new Error(`style: ${answer.status}`);
  return JSON.parse((await answer.text()).replaceAll(settings.base, address));
}

// Hides what stands in for outlines until the tiles have shown that there are none.
function keepGroundForMissingOutlines(map) {
  const layers = GROUND_LAYERS.filter((id) => map.getLayer(id));
  const show = (visibility) => layers.forEach((id) => map.setLayoutProperty(id, "visibility", visibility));
  if (!layers.length || !map.getSource(TOWNS)) return;
  show("none");
  const decide = (event) => {
    if (event.sourceId !== TOWNS || !map.isSourceLoaded(TOWNS)) return;
    const found = (sourceLayer) => map.querySourceFeatures(TOWNS, { sourceLayer }).length > 0;
    const hasOutlines = found(TOWNS);
    if (!hasOutlines && !found("municipality-points")) return; // nothing seen yet: the next tiles will tell
    map.off("sourcedata", decide);
    if (!hasOutlines) show("visible");
  };
  map.on("sourcedata", decide);
}

// On a small map its sources are one press away rather than over it. The library shows them when the first is known.
function foldSources(map) {
  const said = map.getContainer().querySelector(".maplibregl-ctrl-attrib");
  const fold = () => {
    if (!said.classList.contains("maplibregl-compact-show")) return;
    said.classList.remove("maplibregl-compact-show");
    said.removeAttribute("open");
    for (const event of ["styledata", "sourcedata"]) map.off(event, fold);
  };
  for (const event of ["styledata", "sourcedata"]) map.on(event, fold);
}

// Makes a map that stays flat and upright, with its controls in the language of the page.
// `options` go to the library; `controls` are further ones, below those for zooming.
export function makeMap(maplibre, texts, { controls = [], ...options }) {
  const map = new maplibre.Map({
    container: "map",
    minZoom: 5,
    maxZoom: 18,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    ...options,
    locale: {
      "NavigationControl.ZoomIn": texts.zoom_in,
      "NavigationControl.ZoomOut": texts.zoom_out,
      "AttributionControl.ToggleAttribution": texts.attribution,
      ...options.locale,
    },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  for (const control of controls) map.addControl(control, "top-right");
  map.addControl(new maplibre.ScaleControl({ unit: "metric" }), "bottom-right");
  map.addControl(new maplibre.AttributionControl({ compact: true }), "bottom-right");
  if (map.getContainer().offsetWidth <= SMALL) foldSources(map);
  map.once("style.load", () => keepGroundForMissingOutlines(map));
  return map;
}

// West, south, east, north around coordinates of any depth.
export function boundsOf(coordinates, bounds = [Infinity, Infinity, -Infinity, -Infinity]) {
  if (typeof coordinates[0] === "number") {
    const [lon, lat] = coordinates;
    return [Math.min(bounds[0], lon), Math.min(bounds[1], lat), Math.max(bounds[2], lon), Math.max(bounds[3], lat)];
  }
  return coordinates.reduce((sofar, part) => boundsOf(part, sofar), bounds);
}

export function fitBox(map, box, options) {
  if (!box) return;
  const [west, south, east, north] = box;
  map.fitBounds([[west, south], [east, north]], { padding: 40, maxZoom: MAX_FIT_ZOOM, ...options });
}
