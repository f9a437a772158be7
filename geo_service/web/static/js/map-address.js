// Everything that can be seen stands in the address: the filters in its query, view and chosen area behind the #.

function readHash() {
  const hash = new URLSearchParams(location.hash.slice(1));
  const numbers = (hash.get("map") ?? "").split("/").map(Number);
  const [zoom, lat, lon] = numbers;
  const known = numbers.length === 3 && numbers.every(Number.isFinite) && Math.abs(lat) <= 85 && Math.abs(lon) <= 180;
  return { area: hash.get("area"), view: known ? { zoom, center: [lon, lat] } : null };
}

export class Address {
  constructor() {
    this.read();
  }

  // Takes over what the browser shows: at the beginning, and after Back and Forward.
  read() {
    Object.assign(this, readHash());
    this.query = location.search;
    this.kind = null;
    this.#takeArea();
  }

  // An area may also be named in the query, as /embed has it; from then on it stands with the view.
  #takeArea() {
    const query = new URLSearchParams(this.query);
    if (!query.has("area")) return;
    this.area ??= query.get("area");
    query.delete("area");
    const rest = query.toString();
    this.query = rest ? `?${rest}` : "";
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
