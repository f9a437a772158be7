// The chosen area: its mark on the map, its facts in the panel, its name in the address. What the tiles do not
// carry is asked from the API.

import { absenceByFilters, absenceInYear, addressOfChange } from "./map-absence.js";
import { boundsOf, fitBox, MAX_FIT_ZOOM, serviceAddress } from "./map-base.js";
import { completeFacts, hidePanel, sayAbsence, sayYear, showArea, showMessage, showSeveral } from "./panel.js";

const WIDE = 800;

export class Choice {
  // `padding` tells what the page's cards cover of the map; `onAddress` goes to another choice of areas.
  constructor(map, marks, address, settings, { padding, onAddress }) {
    Object.assign(this, { map, marks, address, settings, padding, onAddress });
    this.panel = document.getElementById("selection");
    this.request = new AbortController();
    this.question = new AbortController();
    this.area = null; // the one in the panel
    this.origin = null; // the area whose line in the list of those in view led here
  }

  clear() {
    this.request.abort();
    this.area = null;
    this.marks.choose([]);
    hidePanel();
  }

  close() {
    const inPanel = this.panel.contains(document.activeElement);
    this.clear();
    this.address.area = null;
    this.address.push("area");
    const back = document.querySelector(`#visible-list button[data-id="${CSS.escape(this.origin ?? "")}"]`);
    if (inPanel) (back ?? this.map.getCanvas()).focus();
  }

  // An area as the tiles have it; its other facts follow.
  choose(area) {
    this.#show(area, { focus: true, push: true });
    this.#complete(area.area_id);
  }

  chooseAmong(areas) {
    if (areas.length === 1) return this.choose(areas[0]);
    this.request.abort();
    this.area = null;
    this.marks.choose(areas);
    return showSeveral(areas, this.settings, {
      focus: true, onClose: () => this.close(), onChoose: (area) => this.choose(area),
    });
  }

  // By identifier: the feature says where the area lies, however far away the map is.
  async chooseById(areaId, { fit = true, focus = true } = {}) {
    const feature = await this.#ask(areaId);
    if (!feature) return;
    if (fit) this.address.view = null;
    this.#show(feature.properties, { focus, push: this.address.area !== areaId });
    if (!fit) return;
    const room = this.padding();
    if (window.innerWidth < WIDE) room.bottom = this.panel.offsetHeight + 24;
    else room.right += this.panel.offsetWidth + 24;
    fitBox(this.map, boundsOf(feature.geometry.coordinates), { padding: room, maxZoom: MAX_FIT_ZOOM });
  }

  // The status in the panel is that of today, also where the map shows another year.
  sayYear() {
    sayYear(this.settings);
    this.#sayAbsence();
  }

  // While the year is being chosen; what the filters say of the area is asked for when it is.
  sayYearAtOnce(shown) {
    if (this.area) this.#offer(absenceInYear(this.area, shown, this.settings.texts));
  }

  // An area that is not drawn would leave whoever chose it looking for it.
  async #sayAbsence() {
    this.question.abort();
    this.question = new AbortController();
    const { area, settings, question: { signal } } = this;
    if (!area) return;
    const absence = absenceInYear(area, settings, settings.texts)
      ?? await absenceByFilters(area.area_id, settings, signal);
    if (!signal.aborted && this.area === area) this.#offer(absence);
  }

  #offer(absence) {
    sayAbsence(absence, (change) => this.onAddress(addressOfChange(change, this.settings)));
  }

  #show(area, { focus, push }) {
    this.request.abort();
    this.marks.choose([area]);
    showArea(area, this.settings, {
      focus, onClose: () => this.close(), onZoom: () => this.chooseById(area.area_id),
    });
    this.area = area;
    this.#sayAbsence();
    this.address.area = area.area_id;
    if (push) this.address.push("area");
    else this.address.replace();
  }

  async #complete(areaId) {
    const feature = await this.#ask(areaId);
    if (feature) completeFacts(feature.properties, this.settings);
  }

  // The feature of an area; nothing where it could not be had, which is said, or where another was asked for.
  async #ask(areaId) {
    const { texts } = this.settings;
    this.request.abort();
    this.request = new AbortController();
    const url = `${serviceAddress(this.settings)}/api/collections/programme-areas/items/${encodeURIComponent(areaId)}`;
    try {
      const answer = await fetch(url, { headers: { Accept: "application/geo+json" }, signal: this.request.signal });
      if (!answer.ok) throw new Error([404, 410].includes(answer.status) ? texts.unknown_area : texts.load_failed);
      return await answer.json();
    } catch (error) {
      if (error.name === "AbortError") return null;
      showMessage(error instanceof TypeError ? texts.unavailable : error.message);
      return null;
    }
  }
}
