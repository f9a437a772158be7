// The filters beside the map. The server answers the choice as the page itself; what says something about the choice
// is taken over from there, so that words and counts are made in one place and the page works without this script.

const PARTS = ["legend-title", "note", "chips", "result"];
const TYPING_MS = 450;

export class Filters extends EventTarget {
  constructor(form, settings) {
    super();
    this.form = form;
    this.settings = settings;
    this.asked = new AbortController();
    form.addEventListener("submit", (event) => { event.preventDefault(); this.#update("form"); });
    form.addEventListener("change", (event) => { if (event.target.type !== "search") this.#changed(event.target); });
    form.addEventListener("input", (event) => {
      if (event.target.type === "search") this.#later("q");
    });
    document.addEventListener("click", (event) => this.#follow(event));
  }

  // The address of what the form says, without what says nothing.
  #address() {
    const boxes = [...this.form.querySelectorAll("input[name=status]:not(:disabled)")];
    if (!boxes.some((box) => box.checked)) boxes.forEach((box) => { box.checked = true; });
    const all = boxes.every((box) => box.checked);
    const pairs = [...new FormData(this.form)].filter(([name, value]) => value && !(all && name === "status"));
    const query = new URLSearchParams(pairs).toString();
    return this.form.action + (query ? `?${query}` : "");
  }

  #later(kind) {
    this.#giveUp();
    this.timer = setTimeout(() => this.#update(kind), TYPING_MS);
  }

  #giveUp() {
    clearTimeout(this.timer);
    this.asked.abort();
  }

  #changed(field) {
    this.#update(field.name === "year" ? "year" : "form");
  }

  // A year that is being dragged is shown at once; what has to be counted follows.
  drag(year) {
    this.form.elements.year.value = year ?? "";
    this.dispatchEvent(new CustomEvent("year", { detail: { year, states: this.#states(year) } }));
    this.#later("year");
  }

  #states(year) {
    if (!year) return null;
    const checked = ["ongoing", "completed"].filter(
      (key) => this.form.querySelector(`input[name=status][value=${key}]`).checked);
    return checked.length ? checked : ["ongoing", "completed"];
  }

  #follow(event) {
    const link = event.target.closest?.("[data-part] a");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    if (new URL(link.href).pathname !== new URL(this.form.action).pathname) return;
    event.preventDefault();
    this.show(link.href, { kind: "link", takeForm: true });
  }

  #update(kind) {
    return this.show(this.#address(), { kind });
  }

  // Asks for the page of another choice and takes its parts over; `takeForm` brings the form to it. Returns whether
  // this is still what was chosen last.
  async show(address, { kind, takeForm = false, silent = false }) {
    this.#giveUp();
    if (takeForm) this.#fill(new URL(address, location.href).searchParams);
    const asked = new AbortController();
    this.asked = asked;
    let answer, page;
    try {
      answer = await fetch(address, { headers: { Accept: "text/html" }, signal: asked.signal });
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      if (!asked.signal.aborted) this.#say(this.settings.texts.unavailable);
      return !asked.signal.aborted;
    }
    if (asked.signal.aborted) return false;
    this.#take(answer, page, { kind, silent });
    return true;
  }

  #take(answer, page, detail) {
    const settings = page.getElementById("map-settings");
    if (!answer.ok || !settings) {
      const words = page.querySelector("main .lead")?.textContent.trim();
      this.#say(answer.status === 400 && words ? words : this.settings.texts.unavailable);
      return;
    }
    this.#takeParts(page);
    Object.assign(this.settings, JSON.parse(settings.textContent));
    this.dispatchEvent(new CustomEvent("choice", { detail }));
  }

  #say(words) {
    this.dispatchEvent(new CustomEvent("words", { detail: words }));
  }

  #takeParts(page) {
    for (const name of PARTS) {
      const [mine, other] = [document, page].map((from) => from.querySelector(`[data-part="${name}"]`));
      if (mine.innerHTML !== other.innerHTML) mine.replaceChildren(...other.childNodes);
    }
    for (const line of this.form.querySelectorAll("li[data-status]")) {
      const other = page.querySelector(`li[data-status="${line.dataset.status}"]`);
      const [box, otherBox] = [line, other].map((from) => from.querySelector("input"));
      line.hidden = other.hidden;
      box.disabled = otherBox.disabled;
      box.checked = otherBox.hasAttribute("checked");
      line.querySelector(".state-count").textContent = other.querySelector(".state-count").textContent;
    }
  }

  // Brings the form to a choice; the lists have no entry for what nobody offers, but an address may ask for it.
  #fill(asked) {
    const states = asked.getAll("status").flatMap((text) => text.split(","));
    for (const field of this.form.querySelectorAll("[name]:not([type=hidden])")) {
      const { name, type } = field;
      const value = asked.get(name) ?? "";
      if (name === "status") field.checked = !states.length || states.includes(field.value);
      else if (type === "checkbox") field.checked = field.value === value;
      else field.value = value;
      if (type === "select-one" && field.value !== value) field.add(new Option(value, value, false, true));
    }
    this.dispatchEvent(new Event("form"));
  }
}
