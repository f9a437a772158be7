// Why the map does not draw an area that the panel is about, and the choice that would show it.

import { serviceAddress } from "./map-base.js";
import { isKnownPeriod, stateOf } from "./map-year.js";

// In the year that is shown, as far as the area's own facts tell.
export function absenceInYear(area, { year, states }, texts) {
  if (!year) return null;
  const { start_year: start } = area;
  if (!isKnownPeriod(area)) return { words: texts.absent_unknown, offer: texts.absent_show_today, change: { year: null } };
  if (start > year) {
    return {
      words: texts.absent_before.replace("{year}", year).replace("{start}", start),
      offer: texts.absent_show_year.replaceAll("{start}", start),
      change: { year: start },
    };
  }
  return states && !states.includes(stateOf(area, year)) ? byFilters(texts) : null;
}

function byFilters(texts) {
  return { words: texts.absent_filtered, offer: texts.absent_show_all, change: null };
}

// Under the filters, which only the server knows to apply; nothing where it does not answer.
export async function absenceByFilters(areaId, settings, signal) {
  const { tiles, texts } = settings;
  if (!Object.keys(tiles).length) return null;
  const query = new URLSearchParams({ ...tiles, area_id: areaId, resultType: "hits" });
  const address = `${serviceAddress(settings)}/api/collections/programme-areas/items?${query}`;
  try {
    const answer = await fetch(address, { headers: { Accept: "application/geo+json" }, signal });
    return answer.ok && (await answer.json()).numberMatched === 0 ? byFilters(texts) : null;
  } catch {
    return null;
  }
}

// The address of the choice that shows the area: with another year, or (no change named) of all areas.
export function addressOfChange(change, settings) {
  const address = new URL(settings.address, location.href);
  const language = address.searchParams.get("lang");
  if (!change) address.search = language ? new URLSearchParams({ lang: language }) : "";
  else if (change.year) address.searchParams.set("year", change.year);
  else address.searchParams.delete("year");
  return address.href;
}
