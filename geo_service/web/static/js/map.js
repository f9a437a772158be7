// The map page: joins the map, the filters, the chosen area and the address. Without WebGL the list stands in.

import { addMarks, areasAt, Marks, SOURCE } from "./map-areas.js";
import { Address } from "./map-address.js";
import { fitBox, hasWebGL, loadStyle, makeMap, readSettings } from "./map-base.js";
import { Choice } from "./map-choice.js";
import { Filters } from "./map-filters.js";
import { LocateControl } from "./map-place.js";
import { addPrinting, addYearSlider, FitControl, keepLanguageLinks } from "./map-tools.js";
import { VisibleList } from "./map-visible.js";
import { Drawing } from "./map-year.js";
import { showMessage, takeBackMessage } from "./panel.js";

const settings = readSettings();
const { texts } = settings;
const info = document.getElementById("map-info");
const WIDE = 800;
const RETRY_MS = 5000;

function fallBackToList(words) {
  document.documentElement.classList.add("no-map");
  info.open = true;
  document.getElementById("fallback-note").textContent = words;
}

function padding() {
  const beside = window.innerWidth >= WIDE;
  const open = info.open && beside ? info.offsetWidth + 32 : 24;
  const below = info.open ? 72 : info.offsetTop + info.offsetHeight + 12; // an open card would cover the whole map
  return { top: beside ? 40 : below, bottom: 48, right: 48, left: open };
}

function withTiles(url) {
  const query = new URLSearchParams(settings.tiles).toString();
  return query ? `${url}?${query}` : url;
}

function sayWhenEmpty() {
  if (settings.shown) takeBackMessage();
  else showMessage(document.querySelector("[data-part=result] .count").firstChild.textContent, { stay: true });
}

class MapPage {
  constructor(maplibre, style) {
    this.address = new Address();
    this.tiles = style.sources[SOURCE].tiles[0];
    style.sources[SOURCE].tiles = [withTiles(this.tiles)];
    addMarks(style);
    this.layers = style.layers.filter((layer) => layer.source === SOURCE);
    this.map = makeMap(maplibre, texts, {
      style,
      canvasContextAttributes: { preserveDrawingBuffer: true }, // so that it can be printed
      controls: [new FitControl(texts, () => this.fit()), new LocateControl(texts, showMessage)],
    });
    this.map.getCanvas().setAttribute("aria-label", texts.keyboard);
    this.marks = new Marks(this.map);
    this.filters = new Filters(document.getElementById("filter"), settings);
    this.choice = new Choice(this.map, this.marks, this.address, settings, {
      padding, onAddress: (address) => this.filters.show(address, { kind: "link", takeForm: true }),
    });
    this.list = new VisibleList(this.map, this.marks, settings, {
      onChoose: (area) => {
        this.choice.origin = area.area_id;
        this.choice.choose(area);
      },
      onFit: () => this.fit(),
    });
    this.drawing = new Drawing(this.map, SOURCE, this.layers, withTiles(this.tiles));
    this.drawing.want({ year: settings.year, states: settings.states });
    this.#place({ animate: false });
    this.#listenToMap();
    this.#listenToPage();
    sayWhenEmpty();
    addYearSlider(this.filters, settings);
    addPrinting(info);
    keepLanguageLinks();
  }

  fit(options = {}) {
    this.address.view = null;
    this.address.replace();
    this.#fitToChoice(options);
  }

  #fitToChoice(options) {
    fitBox(this.map, settings.bbox, { padding: padding(), ...options });
  }

  // Brings the map to what the address says.
  #place(options) {
    const { area, view } = this.address;
    if (view) this.map.jumpTo(view);
    else if (!area) this.#fitToChoice(options);
    if (area) this.choice.chooseById(area, { fit: !view, focus: false });
    else this.choice.clear();
  }

  #listenToMap() {
    const { map, choice, marks } = this;
    const canvas = map.getCanvas();
    const chooseAt = (point) => {
      const areas = areasAt(map, point);
      choice.origin = null;
      if (areas.length) choice.chooseAmong(areas);
      return areas.length > 0;
    };
    map.on("click", (event) => { if (!chooseAt(event.point)) choice.close(); });
    canvas.addEventListener("keydown", (event) => {
      if (event.key === "Enter") chooseAt(map.project(map.getCenter()));
    });
    map.on("mousemove", (event) => {
      const [area] = areasAt(map, event.point);
      canvas.style.cursor = area ? "pointer" : "";
      marks.hover(area ? area.id : null);
    });
    map.on("mouseout", () => marks.hover(null));
    map.on("moveend", (event) => {
      if (!event.originalEvent) return; // only where the visitor has moved it
      const { lng, lat } = map.getCenter();
      this.address.view = { zoom: map.getZoom(), center: [lng, lat] };
      this.address.replace();
    });
    map.on("idle", () => this.#settled());
    map.on("error", (event) => this.#failed(event));
  }

  #listenToPage() {
    const { filters, choice } = this;
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") choice.close(); });
    window.addEventListener("popstate", () => this.#goTo());
    filters.addEventListener("choice", (event) => this.#takeChoice(event.detail));
    filters.addEventListener("year", ({ detail }) => {
      this.drawing.want(detail);
      choice.sayYearAtOnce(detail);
    });
    filters.addEventListener("words", (event) => showMessage(event.detail));
  }

  #takeChoice({ kind, silent }) {
    this.drawing.want({ tiles: withTiles(this.tiles), year: settings.year, states: settings.states });
    this.choice.sayYear();
    if (!silent) {
      this.address.query = new URL(settings.address, location.href).search;
      this.address.push(kind);
    }
    sayWhenEmpty();
  }

  // Back and Forward, or an address typed over this one.
  async #goTo() {
    const before = this.address.query;
    this.address.read();
    const { query, area, view } = this.address;
    if (query === before) return this.#place({ animate: false });
    // Where the choice lies is known only with the answer.
    const waits = !area && !view;
    if (waits) this.choice.clear();
    else this.#place({ animate: false });
    const last = await this.filters.show(location.href, { kind: null, takeForm: true, silent: true });
    if (waits && last) this.#fitToChoice({ animate: false });
  }

  #settled() {
    clearTimeout(this.retry);
    this.retry = null;
    document.getElementById("map-view").dataset.ready = "true";
    this.list.update();
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
