// Where the visitor is: asked from the browser, never sent anywhere, and every way it can fail in words.

const NEAR_ZOOM = 13;
const PATIENCE_MS = 15_000;
const SOURCE = "visitor";

function show(map, coords) {
  const point = { type: "Feature", geometry: { type: "Point", coordinates: [coords.longitude, coords.latitude] }, properties: {} };
  if (map.getSource(SOURCE)) {
    map.getSource(SOURCE).setData(point);
  } else {
    map.addSource(SOURCE, { type: "geojson", data: point });
    map.addLayer({
      id: SOURCE, type: "circle", source: SOURCE,
      paint: { "circle-radius": 7, "circle-color": "#d6006c", "circle-stroke-color": "#fff", "circle-stroke-width": 3 },
    });
  }
  map.flyTo({ center: point.geometry.coordinates, zoom: Math.max(map.getZoom(), NEAR_ZOOM) });
}

export class LocateControl {
  constructor(texts, say) {
    this.texts = texts;
    this.say = say;
  }

  onAdd(map) {
    this.map = map;
    this.element = document.createElement("div");
    this.element.className = "maplibregl-ctrl maplibregl-ctrl-group";
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "locate-button";
    this.button.title = this.texts.locate;
    this.button.setAttribute("aria-label", this.texts.locate);
    this.button.addEventListener("click", () => this.#locate());
    this.element.append(this.button);
    return this.element;
  }

  onRemove() {
    this.element.remove();
  }

  #locate() {
    if (!window.isSecureContext || !navigator.geolocation) return this.say(this.texts.locate_insecure);
    this.button.setAttribute("aria-busy", "true");
    this.say(this.texts.locating);
    const done = (words) => {
      this.button.removeAttribute("aria-busy");
      this.say(words);
    };
    return navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        show(this.map, coords);
        done(this.texts.located.replace("{metres}", String(Math.max(1, Math.round(coords.accuracy)))));
      },
      (error) => done(error.code === error.PERMISSION_DENIED ? this.texts.locate_denied : this.texts.locate_unknown),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 60_000 },
    );
  }
}
