// The panel about the chosen area, and short messages over the map. Text only, never markup from data.

const panel = document.getElementById("selection");
const message = document.getElementById("map-message");
const MESSAGE_MS = 8000;

export function element(name, className, content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (content !== undefined) made.textContent = content;
  return made;
}

export function button(className, content, onClick) {
  const made = element("button", className, content);
  made.type = "button";
  made.addEventListener("click", onClick);
  return made;
}

function periodText(area, texts) {
  const { start_year: start, end_year: end } = area;
  if (start && end) return start === end ? String(start) : `${start}\u2009–\u2009${end}`;
  if (start && area.status === "ongoing") return texts.since.replace("{start}", start);
  if (start && area.status === "planned") return texts.from.replace("{start}", start);
  if (start) return `${start}\u2009–\u2009?`;
  return end ? texts.until.replace("{end}", end) : texts.unknown;
}

export function symbol(status) {
  const drawn = document.querySelector(`.legend li[data-status="${status || "unknown"}"] .symbol`);
  return drawn ? drawn.cloneNode(true) : element("span");
}

function heading(text) {
  const made = element("h2", "", text);
  made.tabIndex = -1;
  return made;
}

// What is known of an area so far; the tiles carry less of it than the feature.
function facts(area, { texts, language, programmes }) {
  const hectares = new Intl.NumberFormat(language === "en" ? "en-GB" : language, { maximumFractionDigits: 1 });
  const towns = area.municipalities ?? [area.municipality];
  const rows = [
    [towns.length > 1 ? texts.municipalities : texts.municipality, towns.join(", ")],
    [texts["column.district"], area.district],
    [texts.area, area.area_ha == null ? null : `${hectares.format(area.area_ha)}\u00a0ha`],
    [texts.period, periodText(area, texts)],
    [texts.programmes, (area.programmes ?? []).map((code) => programmes[code] ?? code).join(", ")],
  ];
  return rows.filter(([, value]) => value).map(([title, value]) => {
    const row = element("div");
    row.append(element("dt", "", title), element("dd", "", value));
    return row;
  });
}

function areaCard(area, settings, onZoom) {
  const { texts, language } = settings;
  const badge = element("p", "badge");
  const today = element("span", "today", `(${texts.year_clear})`);
  today.hidden = !settings.year;
  badge.append(symbol(area.status), element("span", "", area[`status_${language}`]), today);
  const absence = element("div", "absence");
  absence.setAttribute("role", "status");
  absence.hidden = true;
  const list = element("dl", "area-card-facts");
  list.dataset.area = area.area_id;
  list.append(...facts(area, settings));
  const basis = area.geom_basis === "official" ? texts["legend.official"] : texts["legend.schematic"];
  const notes = element("p", "area-card-notes", basis);
  if (area.attr_basis === "fictional") notes.append(" ", element("span", "tag", texts.fictional));
  const link = element("a", "button", texts.to_profile);
  link.href = `${settings.prefix}/profiles/${encodeURIComponent(area.area_id)}${settings.languageQuery}`;
  const actions = element("p", "actions");
  actions.append(link, button("as-link", texts.zoom_to, onZoom));
  return [heading(area.name), badge, absence, list, notes, actions];
}

// Takes over what has been learnt about the area since it was shown.
export function completeFacts(area, settings) {
  const list = panel.querySelector("dl");
  if (list?.dataset.area === area.area_id) list.replaceChildren(...facts(area, settings));
}

// The status is that of today, which has to be said while the map shows another year.
export function sayYear(settings) {
  const today = panel.querySelector(".today");
  if (today) today.hidden = !settings.year;
}

// Says why the map does not draw the area, and offers the choice that would; without `absence` takes it back.
export function sayAbsence(absence, onShow) {
  const box = panel.querySelector(".absence");
  if (!box || (absence?.words ?? "") === (box.firstChild?.textContent ?? "")) return;
  if (box.contains(document.activeElement)) panel.querySelector("h2").focus({ preventScroll: true });
  box.hidden = !absence;
  box.replaceChildren();
  if (!absence) return;
  const line = element("p", "actions");
  line.append(button("button quiet", absence.offer, () => onShow(absence.change)));
  box.append(element("p", "", absence.words), line);
}

function fill(content, settings, { focus, onClose }) {
  const close = button("close", "×", onClose);
  close.title = settings.texts.close;
  close.setAttribute("aria-label", settings.texts.close);
  panel.replaceChildren(close, ...content);
  panel.hidden = false;
  panel.scrollTop = 0;
  if (focus) panel.querySelector("h2").focus({ preventScroll: true });
}

export function showArea(area, settings, options) {
  fill(areaCard(area, settings, options.onZoom), settings, options);
}

// Several areas at one place: whoever came here says which one is meant.
export function showSeveral(areas, settings, options) {
  const list = element("ul", "several");
  for (const area of areas) {
    const one = button("", undefined, () => options.onChoose(area));
    one.append(symbol(area.status), element("span", "", area.name));
    const line = element("li");
    line.append(one);
    list.append(line);
  }
  fill([heading(settings.texts.several.replace("{count}", areas.length)), list], settings, options);
}

export function hidePanel() {
  panel.hidden = true;
  panel.replaceChildren();
}

let hideLater;

// What remains true stays until something else is said or it is taken back.
export function showMessage(text, { stay = false } = {}) {
  message.textContent = text;
  message.hidden = false;
  message.dataset.stay = String(stay);
  clearTimeout(hideLater);
  if (!stay) hideLater = setTimeout(hideMessage, MESSAGE_MS);
}

export function hideMessage() {
  message.hidden = true;
}

export function takeBackMessage() {
  if (message.dataset.stay === "true") hideMessage();
}
