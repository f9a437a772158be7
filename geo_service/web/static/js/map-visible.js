// The areas in view as a list, for those who do not point.

import { areasInView } from "./map-areas.js";
import { button, element, symbol } from "./panel.js";

const LISTED = 100;

export class VisibleList {
  // `marks` highlight what a line is about; `onChoose` takes an area, `onFit` moves the map to the choice.
  constructor(map, marks, settings, { onChoose, onFit }) {
    Object.assign(this, { map, marks, settings, onChoose, onFit });
    this.box = document.getElementById("visible");
    this.list = document.getElementById("visible-list");
    this.box.addEventListener("toggle", () => this.update());
  }

  update() {
    const { settings, list } = this;
    const areas = areasInView(this.map);
    const numbers = new Intl.NumberFormat(settings.language);
    document.getElementById("visible-count").textContent = `(${numbers.format(areas.length)})`;
    document.getElementById("map-view").dataset.visible = String(areas.length);
    if (!this.box.open) return;
    const order = new Intl.Collator(settings.language).compare;
    areas.sort((one, other) => order(one.name, other.name));
    const content = JSON.stringify([areas.map((area) => area.area_id), settings.shown]);
    if (this.listed === content) return; // what has the focus keeps it
    this.listed = content;
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    list.replaceChildren(...areas.slice(0, LISTED).map((area) => this.#line(area)));
    if (areas.length > LISTED) {
      const more = settings.texts.visible_more.replace("{count}", numbers.format(areas.length - LISTED));
      list.append(element("li", "hint", more));
    }
    if (!areas.length) list.append(this.#none());
    if (focused) [...list.querySelectorAll("button")].find((one) => one.dataset.id === focused)?.focus();
  }

  #none() {
    const { texts, shown } = this.settings;
    const line = element("li", "hint", texts.visible_none);
    if (shown) line.append(" ", button("as-link", texts.show_choice, this.onFit));
    return line;
  }

  #line(area) {
    const one = button("", undefined, () => this.onChoose(area));
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
