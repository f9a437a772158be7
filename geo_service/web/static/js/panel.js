// The panel about the chosen area or areas, and short messages over the map. Text only, never markup from data.

const panel = document.getElementById("selection");
const message = document.getElementById("map-message");

function element(name, className, content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (content !== undefined) made.textContent = content;
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

function symbol(status) {
  const drawn = document.querySelector(`.legend li[data-status="${status || "unknown"}"] .symbol`);
  return drawn ? drawn.cloneNode(true) : element("span");
}

function areaCard(area, settings) {
  const { texts, language } = settings;
  const card = element("article", "area-card");
  const heading = element("h2", "", area.name);
  heading.tabIndex = -1;
  const badge = element("p", "badge");
  badge.append(symbol(area.status), element("span", "", area[`status_${language}`]));
  const facts = element("p", "area-card-facts", `${area.municipality} · ${texts.period}: ${periodText(area, texts)}`);
  const basis = area.geom_basis === "official" ? texts["legend.official"] : texts["legend.schematic"];
  const notes = element("p", "area-card-notes", basis);
  if (area.attr_basis === "fictional") notes.append(" ", element("span", "tag", texts.fictional));
  const link = element("a", "button", texts.to_profile);
  link.href = `${settings.prefix}/profiles/${encodeURIComponent(area.area_id)}${settings.languageQuery}`;
  card.append(heading, badge, facts, notes, link);
  return card;
}

export function showAreas(areas, settings, { focus, onClose }) {
  const close = element("button", "close", "×");
  close.type = "button";
  close.title = settings.texts.close;
  close.setAttribute("aria-label", settings.texts.close);
  close.addEventListener("click", onClose);
  panel.replaceChildren(close, ...areas.map((area) => areaCard(area, settings)));
  panel.hidden = false;
  panel.scrollTop = 0;
  message.hidden = true;
  if (focus) panel.querySelector("h2").focus({ preventScroll: true });
}

export function hideAreas() {
  panel.hidden = true;
  panel.replaceChildren();
}

let hideLater;

export function showMessage(text) {
  message.textContent = text;
  message.hidden = false;
  clearTimeout(hideLater);
  hideLater = setTimeout(() => { message.hidden = true; }, 8000);
}
