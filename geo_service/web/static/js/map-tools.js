// The small tools of the map page: a button that shows the whole choice, the year's slider, printing, languages.

import { button, element } from "./panel.js";

export class FitControl {
  constructor(texts, onClick) {
    Object.assign(this, { texts, onClick });
  }

  onAdd() {
    this.element = element("div", "maplibregl-ctrl maplibregl-ctrl-group");
    const fit = button("fit-button", undefined, this.onClick);
    fit.title = this.texts.fit;
    fit.setAttribute("aria-label", this.texts.fit);
    this.element.append(fit);
    return this.element;
  }

  onRemove() {
    this.element.remove();
  }
}

// Beside the field for the year; the field and the slider follow each other.
export function addYearSlider(filters, { years, texts }) {
  if (!years) return;
  const [first, last] = years;
  const field = filters.form.elements.year;
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

export function addPrinting(info) {
  document.getElementById("print").addEventListener("click", () => window.print());
  window.addEventListener("beforeprint", () => {
    info.open = true;
    document.getElementById("print-address").textContent = location.href;
  });
}

// The other language shows the same state.
export function keepLanguageLinks() {
  for (const link of document.querySelectorAll(".languages a")) {
    link.addEventListener("click", () => {
      const address = new URL(location.href);
      address.searchParams.set("lang", link.hreflang);
      link.href = address.href;
    });
  }
}
