// The map page: joins the map, the filters, the chosen area and the address. Everything that can be seen stands in
// the address: the filters in its query, view and chosen area behind the #. Without WebGL the list stands in.

import { boundsOf, fitBox, hasWebGL, loadStyle, makeMap, MAX_FIT_ZOOM, readSettings, serviceAddress } from "./map-base.js";
import { addMarks, areasAt, areasInView, Marks, SOURCE } from "./map-areas.js";
import { Filters } from "./map-filters.js";
import { LocateControl } from "./map-place.js";
import { Drawing } from "./map-year.js";
import { button, element, hidePanel, showArea, showMessage, showSeveral, symbol, takeBackMessage } from "./panel.js";

const settings = readSettings();
const { texts } = settings;
const base = serviceAddress(settings);
const view = document.getElementById("map-view");
const info = document.getElementById("map-info");
const form = document.getElementById("filter");
const WIDE = 800;
const LISTED = 100;
const RETRY_MS = 5000;

function fallBackToList(words) {
  document.documentElement.classList.add("no-map");
  info.open = true;
  document.getElementById("fallback-note").textContent = words;
}

function padding() {
  const beside = window.innerWidth >= WIDE;
  const open = info.open && beside ? info.offsetWidth + 32 : 24;
  return { top: beside ? 40 : 72, bottom: 48, right: 48, left: open };
}

// ---- address: what stands behind the #

function readHash() {
  const hash = new URLSearchParams(location.hash.slice(1));
  const numbers = (hash.get("map") ?? "").split("/").map(Number);
  const [zoom, lat, lon] = numbers;
  const known = numbers.length === 3 && numbers.every(Number.isFinite) && Math.abs(lat) <= 85 && Math.abs(lon) <= 180;
  return { area: hash.get("area"), view: known ? { zoom, center: [lon, lat] } : null };
}

class Address {
  constructor() {
    Object.assign(this, readHash());
    this.query = location.search;
    this.kind = null;
  }

  get text() {
    const parts = [];
    if (this.view) {
      const { zoom, center: [lon, lat] } = this.view;
      parts.push(`map=${zoom.toFixed(2)}/${lat.toFixed(5)}/${lon.toFixed(5)}`);
    }
    if (this.area) parts.push(`area=${encodeURIComponent(this.area)}`);
    return location.pathname + this.query + (parts.length ? `#${parts.join("&")}` : "");
  }

  // A step that the Back button takes back; several steps of one kind that follow each other are one.
  push(kind) {
    if (this.text === location.pathname + location.search + location.hash) return;
    const again = kind === this.kind && ["year", "q"].includes(kind);
    history[again ? "replaceState" : "pushState"](null, "", this.text);
    this.kind = kind;
  }

  replace() {
    history.replaceState(null, "", this.text);
  }
}

// ---- the map

function withTiles(url) {
  const query = new URLSearchParams(settings.tiles).toString();
  return query ? `${url}?${query}` : url;
}

class FitControl {
  constructor(onClick) {
    this.onClick = onClick;
  }

  onAdd() {
    this.element = element("div", "maplibregl-ctrl maplibregl-ctrl-group");
    const fit = button("fit-button", undefined, this.onClick);
    fit.title = texts.fit;
    fit.setAttribute("aria-label", texts.fit);
    this.element.append(fit);
    return this.element;
  }

  onRemove() {
    this.element.remove();
  }
}

class MapPage {
  constructor(maplibre, style) {
    this.address = new Address();
    this.tiles = style.sources[SOURCE].tiles[0];
    style.sources[SOURCE].tiles = [withTiles(this.tiles)];
    addMarks(style);
    this.layers = style.layers.filter((layer) => layer.source === SOURCE);
    this.request = new AbortController();
    this.map = makeMap(maplibre, texts, {
      style,
      canvasContextAttributes: { preserveDrawingBuffer: true }, // so that it can be printed
      controls: [new FitControl(() => this.fit()), new LocateControl(texts, showMessage)],
    });
    this.canvas = this.map.getCanvas();
    this.canvas.setAttribute("aria-label", texts.keyboard);
    this.marks = new Marks(this.map);
    this.filters = new Filters(form, settings);
    this.drawing = new Drawing(this.map, SOURCE, this.layers, withTiles(this.tiles));
    this.drawing.want({ year: settings.year, states: settings.states });
    this.#place({ animate: false });
    this.#listen();
  }

  fit(options = {}) {
    this.address.view = null;
    this.address.replace();
    fitBox(this.map, settings.bbox, { padding: padding(), ...options });
  }

  // Brings the map to what the address says.
  #place(options) {
    const { area, view: place } = this.address;
    if (place) this.map.jumpTo(place);
    else if (!area) fitBox(this.map, settings.bbox, { padding: padding(), ...options });
    if (area) this.chooseById(area, { fit: !place, focus: false });
    else this.#clear();
  }

  // ---- choosing

  #clear() {
    this.request.abort();
    this.marks.choose([]);
    hidePanel();
  }

  close() {
    const inPanel = document.getElementById("selection").contains(document.activeElement);
    this.#clear();
    this.address.area = null;
    this.address.push("area");
    const back = document.querySelector(`#visible-list button[data-id="${CSS.escape(this.origin ?? "")}"]`);
    if (inPanel) (back ?? this.canvas).focus();
  }

  choose(area, { focus = true, push = true } = {}) {
    this.request.abort();
    this.marks.choose([area]);
    showArea(area, settings, {
      focus, onClose: () => this.close(), onZoom: () => this.chooseById(area.area_id, { fit: true }),
    });
    this.address.area = area.area_id;
    if (push) this.address.push("area");
    else this.address.replace();
  }

  chooseAmong(areas) {
    if (areas.length === 1) return this.choose(areas[0]);
    this.request.abort();
    this.marks.choose(areas);
    return showSeveral(areas, settings, {
      focus: true, onClose: () => this.close(), onChoose: (area) => this.choose(area),
    });
  }

  // By identifier: the feature says where the area lies, however far away the map is.
  async chooseById(areaId, { fit = true, focus = true } = {}) {
    this.request.abort();
    this.request = new AbortController();
    const url = `${base}/api/collections/programme-areas/items/${encodeURIComponent(areaId)}`;
    let feature;
    try {
      const answer = await fetch(url, { headers: { Accept: "application/geo+json" }, signal: this.request.signal });
      if (!answer.ok) throw new Error([404, 410].includes(answer.status) ? texts.unknown_area : texts.load_failed);
      feature = await answer.json();
    } catch (error) {
      if (error.name !== "AbortError") showMessage(error instanceof TypeError ? texts.unavailable : error.message);
      return;
    }
    if (fit) this.address.view = null;
    this.choose(feature.properties, { focus, push: this.address.area !== areaId });
    if (!fit) return;
    const room = padding();
    const panel = document.getElementById("selection");
    if (window.innerWidth < WIDE) room.bottom = panel.offsetHeight + 24;
    else room.right += panel.offsetWidth + 24;
    fitBox(this.map, boundsOf(feature.geometry.coordinates), { padding: room, maxZoom: MAX_FIT_ZOOM });
  }

  // ---- events

  #listen() {
    const { map, canvas, filters } = this;
    map.on("click", (event) => {
      this.origin = null;
      const areas = areasAt(map, event.point);
      if (areas.length) this.chooseAmong(areas);
      else this.close();
    });
    map.on("mousemove", (event) => {
      const [area] = areasAt(map, event.point);
      canvas.style.cursor = area ? "pointer" : "";
      this.marks.hover(area ? area.id : null);
    });
    map.on("mouseout", () => this.marks.hover(null));
    map.on("moveend", (event) => {
      if (!event.originalEvent) return; // only where the visitor has moved it
      const { lng, lat } = map.getCenter();
      this.address.view = { zoom: map.getZoom(), center: [lng, lat] };
      this.address.replace();
    });
    canvas.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      this.origin = null;
      const areas = areasAt(map, map.project(map.getCenter()));
      if (areas.length) this.chooseAmong(areas);
    });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
    window.addEventListener("popstate", () => this.#goTo());
    filters.addEventListener("choice", (event) => this.#takeChoice(event.detail));
    filters.addEventListener("year", ({ detail }) => this.drawing.want(detail));
    filters.addEventListener("words", (event) => showMessage(event.detail));
    map.on("idle", () => this.#settled());
    map.on("error", (event) => this.#failed(event));
    document.getElementById("visible").addEventListener("toggle", () => this.#listVisible());
    sayWhenEmpty();
    addYearSlider(filters);
    addPrinting();
    keepLanguageLinks();
  }

  #takeChoice({ kind, silent }) {
    this.drawing.want({ tiles: withTiles(this.tiles), year: settings.year, states: settings.states });
    if (!silent) {
      this.address.query = new URL(settings.address, location.href).search;
      this.address.push(kind);
    }
    sayWhenEmpty();
  }

  // Back and Forward, or an address typed over this one.
  async #goTo() {
    const before = this.address.query;
    this.address = new Address();
    if (this.address.query !== before) {
      await this.filters.show(location.href, { kind: null, takeForm: true, silent: true });
    }
    this.#place({ animate: false });
  }

  #settled() {
    clearTimeout(this.retry);
    this.retry = null;
    view.dataset.ready = "true";
    this.#listVisible();
  }

  #failed(event) {
    console.info(event.error?.message ?? event);
    showMessage(event.error?.status >= 500 || !event.error?.status ? texts.unavailable : texts.tiles_failed);
    this.retry ??= setTimeout(() => {
      this.retry = null;
      for (const id of [SOURCE, "municipalities"]) {
        const source = this.map.getSource(id);
        source?.setTiles?.(source.tiles);
      }
    }, RETRY_MS);
  }

  // The areas in view as a list, for those who do not point.
  #listVisible() {
    const box = document.getElementById("visible");
    const areas = areasInView(this.map);
    const numbers = new Intl.NumberFormat(settings.language);
    document.getElementById("visible-count").textContent = `(${numbers.format(areas.length)})`;
    view.dataset.visible = String(areas.length);
    if (!box.open) return;
    const order = new Intl.Collator(settings.language).compare;
    areas.sort((one, other) => order(one.name, other.name));
    const list = document.getElementById("visible-list");
    const content = JSON.stringify([areas.map((area) => area.area_id), settings.shown]);
    if (this.listed === content) return; // what has the focus keeps it
    this.listed = content;
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    list.replaceChildren(...areas.slice(0, LISTED).map((area) => this.#line(area)));
    if (areas.length > LISTED) {
      list.append(element("li", "hint", texts.visible_more.replace("{count}", numbers.format(areas.length - LISTED))));
    }
    if (!areas.length) {
      const line = element("li", "hint", texts.visible_none);
      if (settings.shown) line.append(" ", button("as-link", texts.show_choice, () => this.fit()));
      list.append(line);
    }
    if (focused) [...list.querySelectorAll("button")].find((one) => one.dataset.id === focused)?.focus();
  }

  #line(area) {
    const one = button("", undefined, () => { this.origin = area.area_id; this.choose(area); });
    one.dataset.id = area.area_id;
    one.append(symbol(area.status), element("span", "", area.name), element("span", "place", area.municipality));
    for (const [event, id] of [["focus", area.id], ["pointerenter", area.id], ["blur", null], ["pointerleave", null]]) {
      one.addEventListener(event, () => this.marks.hover(id));
    }
    const line = element("li");
    line.append(one);
    return line;
  }
}

// ---- small things of the page

function sayWhenEmpty() {
  if (settings.shown) takeBackMessage();
  else showMessage(document.querySelector("[data-part=result] .count").firstChild.textContent, { stay: true });
}

function addYearSlider(filters) {
  if (!settings.years) return;
  const [first, last] = settings.years;
  const field = form.elements.year;
  const slider = element("input");
  Object.assign(slider, { type: "range", min: first, max: last, step: 1 });
  slider.setAttribute("aria-label", texts.year_slider);
  const take = () => { slider.value = field.value || last; };
  take();
  field.after(slider);
  slider.addEventListener("input", () => filters.drag(Number(slider.value)));
  slider.addEventListener("change", (event) => event.stopPropagation());
  field.addEventListener("change", take);
  filters.addEventListener("form", take);
  document.getElementById("year-clear").addEventListener("click", () => { filters.drag(null); take(); });
}

function addPrinting() {
  document.getElementById("print").addEventListener("click", () => window.print());
  window.addEventListener("beforeprint", () => {
    info.open = true;
    document.getElementById("print-address").textContent = location.href;
  });
}

// The other language shows the same state.
function keepLanguageLinks() {
  for (const link of document.querySelectorAll(".languages a")) {
    link.addEventListener("click", () => {
      const address = new URL(location.href);
      address.searchParams.set("lang", link.hreflang);
      link.href = address.href;
    });
  }
}

async function start() {
  if (!hasWebGL()) return fallBackToList(texts.no_webgl);
  if (window.innerWidth < WIDE) info.open = false;
  const [maplibre, style] = await Promise.all([import(settings.library), loadStyle(settings)]);
  const page = new MapPage(maplibre, style);
  window.programmeAreaMap = page.map; // for people who look into the page, and for its tests
  return page;
}

start().catch((error) => {
  console.info(error);
  fallBackToList(texts.not_loaded);
});
