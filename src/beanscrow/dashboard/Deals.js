// @ts-check
// Draws the burn-down of the chosen deal, and says on every page when the books shown
// are not those on disk.  Plain SVG in Fava's colours; the figures arrive as text.

/**
 * @typedef {{tranche: string, swatch: number, left: number[], labels: string[],
 *   expires: string | null}} Line
 * @typedef {{tranche: string, date: string, booked: boolean, label: string}} Lapse
 * @typedef {{commodity: string, start: string, asOf: string, end: string,
 *   dates: string[], hide: boolean, lines: Line[], totals: string[], lapses: Lapse[],
 *   pace: [string, number][], paceDays: number}} Chart
 * @typedef {{left: number, right: number, top: number, width: number, height: number}} Box
 */

const SVG = "http://www.w3.org/2000/svg";
const DAY = 86_400_000;
const FLAG = 16;

/** @param {string} iso */
const at = (iso) => Date.parse(iso);

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {string} [text]
 */
function svg(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, String(value));
  }
  if (text !== undefined) element.textContent = text;
  return element;
}

/**
 * @param {string} name
 * @param {string} [kind]
 * @param {string} [text]
 */
function html(name, kind, text) {
  const element = document.createElement(name);
  if (kind) element.className = kind;
  if (text !== undefined) element.textContent = text;
  return element;
}

/** @param {number} value */
function short(value) {
  for (const [size, sign] of /** @type {[number, string][]} */ ([
    [1e9, " bn"],
    [1e6, " m"],
    [1e3, " k"],
  ])) {
    if (value >= size) return `${Number((value / size).toFixed(2))}${sign}`;
  }
  return String(Number(value.toFixed(2)));
}

/**
 * The ticks of a value axis from zero: four to six round numbers.
 * @param {number} peak
 */
function valueTicks(peak) {
  const rough = (peak || 1) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? rough;
  const ticks = [];
  for (let n = 0; n * step < peak + step; n += 1) ticks.push(n * step);
  return ticks;
}

/**
 * The first days of months, as many as there is room for; Januaries carry the year.
 * @param {number} start
 * @param {number} end
 * @param {number} room
 */
function timeTicks(start, end, room) {
  const months = (end - start) / (DAY * 30.44);
  const every = [1, 2, 3, 6, 12, 24, 60].find((n) => months / n <= room) ?? 120;
  const ticks = [];
  const first = new Date(start);
  let month = first.getUTCFullYear() * 12;
  for (; ; month += every) {
    const time = Date.UTC(Math.floor(month / 12), month % 12, 1);
    if (time > end) return ticks;
    if (time < start) continue;
    const date = new Date(time);
    const year = date.getUTCMonth() === 0;
    const text = year
      ? String(date.getUTCFullYear())
      : date.toLocaleDateString("en", { month: "short", timeZone: "UTC" });
    ticks.push({ time, text, year });
  }
}

/**
 * Credits left of each line at the end of a day: as booked, or if nothing more is drawn.
 * @param {Chart} chart
 * @param {number} time
 */
function standing(chart, time) {
  if (time > at(chart.asOf)) {
    const last = chart.dates.length - 1;
    const kept = chart.lines.map((l) => !l.expires || at(l.expires) > time);
    return { index: last, kept, ahead: true };
  }
  let low = 0;
  let high = chart.dates.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (at(chart.dates[middle] ?? "") <= time) low = middle;
    else high = middle - 1;
  }
  return { index: low, kept: chart.lines.map(() => true), ahead: false };
}

/**
 * Stack steps: for each line the values below and on top of it at each time.
 * @param {number[][]} values
 */
function stack(values) {
  const floor = (values[0] ?? []).map(() => 0);
  return values.map((line) => {
    const below = [...floor];
    line.forEach((value, n) => {
      floor[n] = (floor[n] ?? 0) + value;
    });
    return { below, top: [...floor] };
  });
}

/**
 * The area of one layer between its steps.
 * @param {number[]} times
 * @param {{below: number[], top: number[]}} layer
 * @param {(time: number) => number} x
 * @param {(value: number) => number} y
 */
function areaPath(times, layer, x, y) {
  const last = times.length - 1;
  /** @param {number} n */
  const across = (n) => x(times[n] ?? 0).toFixed(1);
  /** @param {number | undefined} value */
  const up = (value) => y(value ?? 0).toFixed(1);
  let path = `M${across(0)},${up(layer.top[0])}`;
  for (let n = 1; n <= last; n += 1) path += `H${across(n)}V${up(layer.top[n])}`;
  path += `V${up(layer.below[last])}`;
  for (let n = last; n > 0; n -= 1) path += `V${up(layer.below[n - 1])}H${across(n - 1)}`;
  return `${path}Z`;
}

/**
 * The upper edge of one layer, where it has any credits at all.
 * @param {number[]} times
 * @param {{below: number[], top: number[]}} layer
 * @param {(time: number) => number} x
 * @param {(value: number) => number} y
 */
function edgePath(times, layer, x, y) {
  let path = "";
  let on = false;
  times.forEach((time, n) => {
    const top = layer.top[n] ?? 0;
    const across = x(time).toFixed(1);
    const some = top > (layer.below[n] ?? 0);
    // Where it ends it falls to what lay under it, whatever has come there since.
    const fall = some ? top : (layer.below[n - 1] ?? 0);
    if (on) path += `H${across}V${y(fall).toFixed(1)}`;
    if (some && !on) path += `M${across},${y(top).toFixed(1)}`;
    on = some;
  });
  return path;
}

/**
 * The flags above the plot: expiries by day, and the day the chart is as of, in as
 * many rows as keep them apart.
 * @param {Chart} chart
 * @param {(time: number) => number} x
 * @param {number} width
 */
function flagsOf(chart, x, width) {
  /** @type {Map<string, Lapse[]>} */
  const days = new Map();
  for (const lapse of chart.lapses) {
    days.set(lapse.date, [...(days.get(lapse.date) ?? []), lapse]);
  }
  const flags = [...days].map(([date, lapses]) => {
    const booked = lapses.every((lapse) => lapse.booked);
    const names = lapses.map((lapse) => lapse.tranche).join(", ");
    const credits = lapses.map((lapse) => lapse.label).join(", ");
    const verb = booked ? "lapsed" : lapses.length > 1 ? "lapse" : "lapses";
    // What was there on the day; the table takes off what late rows have drawn since.
    const text = `${names} ${verb} ${date}${booked ? `: ${credits} on that day` : ""}`;
    return { date, booked, kind: "lapse", text };
  });
  flags.sort((a, b) => at(a.date) - at(b.date));
  /** @type {number[]} */
  const rows = [];
  const placed = flags.map((flag) => {
    const line = x(at(flag.date));
    const wide = flag.text.length * 6.4 + 12;
    const leftward = line + wide > width;
    const from = leftward ? line - wide : line;
    let row = rows.findIndex((end) => end <= from);
    if (row < 0) row = rows.length;
    rows[row] = from + wide;
    return { ...flag, line, leftward, row, from, to: from + wide };
  });
  // Below the others where they meet, so that its line crosses none of their words.
  const text = `as of ${chart.asOf}`;
  const line = x(at(chart.asOf));
  const wide = text.length * 6.4 + 12;
  const leftward = line - wide > 0;
  const from = leftward ? line - wide : line;
  const to = from + wide;
  const met = placed.filter((flag) => flag.from < to && flag.to > from);
  const row = Math.max(-1, ...met.map((flag) => flag.row)) + 1;
  const asOf = { date: chart.asOf, booked: true, kind: "as-of", text };
  return [...placed, { ...asOf, line, leftward, row, from, to }];
}

/**
 * @param {HTMLElement} figure
 * @param {Chart} chart
 */
function draw(figure, chart) {
  const width = Math.max(figure.clientWidth, 320);
  const box = { left: chart.hide ? 8 : 56, right: 12, top: 0, width: 0, height: 250 };
  box.width = width - box.left - box.right;
  const start = at(chart.start);
  const end = Math.max(at(chart.end), start + DAY);
  const asOf = at(chart.asOf);
  /** @param {number} time */
  const x = (time) => box.left + ((time - start) / (end - start)) * box.width;
  const flags = flagsOf(chart, x, width);
  box.top = (Math.max(...flags.map((flag) => flag.row)) + 1) * FLAG + 6;
  const height = box.top + box.height + 26;

  const past = chart.dates.map(at);
  const layers = stack(chart.lines.map((line) => line.left));
  const future = [
    asOf,
    ...chart.lines
      .map((line) => (line.expires ? at(line.expires) : end))
      .filter((time) => time > asOf && time < end),
    end,
  ].sort((a, b) => a - b);
  const ahead = stack(
    chart.lines.map((line) =>
      future.map((time) => {
        const lapsed = line.expires !== null && at(line.expires) <= time;
        return lapsed ? 0 : (line.left.at(-1) ?? 0);
      }),
    ),
  );
  const peak = Math.max(0, ...layers.flatMap((layer) => layer.top));
  const ticks = valueTicks(peak);
  const full = ticks.at(-1) ?? 1;
  /** @param {number} value */
  const y = (value) => box.top + box.height - (value / full) * box.height;

  const root = svg("svg", {
    class: "chart",
    viewBox: `0 0 ${width} ${height}`,
    height,
    role: "img",
    "aria-label": `${chart.commodity} left from ${chart.start} to ${chart.asOf}`,
  });
  const clip = `deals-clip-${chart.commodity.replace(/[^A-Za-z0-9]/g, "-")}`;
  const clipPath = svg("clipPath", { id: clip });
  clipPath.append(
    svg("rect", { x: box.left, y: box.top - 2, width: box.width, height: box.height + 4 }),
  );
  root.append(clipPath);

  for (const tick of ticks) {
    const up = y(tick);
    root.append(
      svg("line", { class: "grid", x1: box.left, x2: width - box.right, y1: up, y2: up }),
    );
    if (!chart.hide) {
      root.append(
        svg(
          "text",
          { class: "faint", x: box.left - 8, y: up + 4, "text-anchor": "end" },
          short(tick),
        ),
      );
    }
  }
  const foot = box.top + box.height;
  for (const tick of timeTicks(start, end, box.width / 56)) {
    const across = x(tick.time);
    root.append(
      svg("line", { class: "axis", x1: across, x2: across, y1: foot, y2: foot + 4 }),
      svg(
        "text",
        { class: tick.year ? "strong" : "faint", x: across, y: foot + 18, "text-anchor": "middle" },
        tick.text,
      ),
    );
  }

  const plot = svg("g", { "clip-path": `url(#${clip})` });
  chart.lines.forEach((line, n) => {
    const colour = `var(--deals-${line.swatch})`;
    const layer = layers[n];
    const later = ahead[n];
    if (!layer || !later) return;
    plot.append(
      svg("path", { class: "area", fill: colour, d: areaPath(past, layer, x, y) }),
      svg("path", { class: "area ahead", fill: colour, d: areaPath(future, later, x, y) }),
    );
  });
  // The edges above the areas, so that no area hides the edge below it.
  chart.lines.forEach((line, n) => {
    const colour = `var(--deals-${line.swatch})`;
    const layer = layers[n];
    const later = ahead[n];
    if (!layer || !later) return;
    plot.append(
      svg("path", { class: "edge ahead", stroke: colour, d: edgePath(future, later, x, y) }),
      svg("path", { class: "edge", stroke: colour, d: edgePath(past, layer, x, y) }),
    );
  });
  if (chart.pace.length > 1) {
    const points = chart.pace.map(
      ([date, left]) => `${x(at(date)).toFixed(1)},${y(left).toFixed(1)}`,
    );
    plot.append(svg("polyline", { class: "pace", points: points.join(" ") }));
  }
  root.append(plot);
  root.append(
    svg("line", { class: "axis", x1: box.left, x2: width - box.right, y1: foot, y2: foot }),
  );
  for (const flag of flags) {
    const up = flag.row * FLAG + 12;
    const kind = flag.kind === "lapse" && !flag.booked ? "lapse-label" : "faint";
    root.append(
      svg("line", {
        class: `${flag.kind}${flag.booked ? " booked" : ""}`,
        x1: flag.line,
        x2: flag.line,
        y1: up + 3,
        y2: foot,
      }),
      svg(
        "text",
        {
          class: flag.kind === "as-of" ? "strong" : kind,
          x: flag.line + (flag.leftward ? -4 : 4),
          y: up,
          "text-anchor": flag.leftward ? "end" : "start",
        },
        flag.text,
      ),
    );
  }

  const cross = svg("line", { class: "cross", y1: box.top, y2: foot, visibility: "hidden" });
  root.append(cross);
  figure.querySelectorAll("svg.chart, .deals-tip").forEach((old) => old.remove());
  const tip = html("div", "deals-tip");
  tip.hidden = true;
  figure.append(root, tip);
  root.addEventListener("pointermove", (event) => {
    const across = event.clientX - root.getBoundingClientRect().left;
    const share = (across - box.left) / box.width;
    if (share < 0 || share > 1) return leave();
    const time = Math.floor((start + share * (end - start)) / DAY) * DAY;
    cross.setAttribute("x1", String(x(time)));
    cross.setAttribute("x2", String(x(time)));
    cross.setAttribute("visibility", "visible");
    fill(tip, chart, time);
    tip.hidden = false;
    const room = figure.clientWidth - tip.offsetWidth;
    tip.style.left = `${Math.min(Math.max(0, across + 14), Math.max(0, room))}px`;
    if (across + 14 > room) tip.style.left = `${Math.max(0, across - tip.offsetWidth - 14)}px`;
    const above = root.getBoundingClientRect().top - figure.getBoundingClientRect().top;
    tip.style.top = `${above + box.top + 8}px`;
  });
  root.addEventListener("pointerleave", leave);
  function leave() {
    tip.hidden = true;
    cross.setAttribute("visibility", "hidden");
  }
}

/**
 * @param {HTMLElement} tip
 * @param {Chart} chart
 * @param {number} time
 */
function fill(tip, chart, time) {
  const { index, kept, ahead } = standing(chart, time);
  const day = new Date(time).toISOString().slice(0, 10);
  const table = html("table");
  chart.lines.forEach((line, n) => {
    if (!line.left[index] || !kept[n]) return;
    const row = html("tr");
    const swatch = svg("svg", { class: "deals-swatch" });
    swatch.append(
      svg("rect", { width: 12, height: 12, rx: 2, fill: `var(--deals-${line.swatch})` }),
    );
    const cell = html("td");
    cell.append(swatch);
    row.append(cell, html("td", "", line.tranche), html("td", "num", line.labels[index]));
    table.prepend(row);
  });
  if (kept.every(Boolean) && chart.lines.length > 1) {
    const row = html("tr");
    row.append(html("td"), html("td", "", "Left"), html("td", "num", chart.totals[index]));
    table.append(row);
  }
  const words = ahead ? `${day}, if nothing more is drawn` : day;
  tip.replaceChildren(html("b", "", words), table);
}

/** @param {HTMLElement} figure @param {Chart} chart */
function legend(figure, chart) {
  const caption = figure.querySelector("figcaption");
  if (!caption || caption.querySelector("span")) return;
  const title = html("span", "", caption.textContent ?? "");
  caption.replaceChildren(title);
  /** @param {string} text @param {SVGElement[]} marks */
  const item = (text, marks) => {
    const span = html("span");
    const mark = svg("svg", { class: "mark", "aria-hidden": "true" });
    mark.append(...marks);
    span.append(mark, text);
    caption.append(span);
  };
  for (const line of [...chart.lines].sort((a, b) => a.swatch - b.swatch)) {
    const colour = `var(--deals-${line.swatch})`;
    item(line.tranche, [
      svg("rect", { class: "area", width: 22, height: 12, fill: colour }),
      svg("path", { class: "edge", d: "M0,1H22", stroke: colour }),
    ]);
  }
  if (at(chart.end) > at(chart.asOf)) {
    const held = chart.lines.find((line) => line.left.at(-1));
    const colour = `var(--deals-${held?.swatch ?? 1})`;
    item("if nothing more is drawn", [
      svg("rect", { class: "area ahead", width: 22, height: 12, fill: colour }),
      svg("path", { class: "edge ahead", d: "M0,1H22", stroke: colour }),
    ]);
  }
  if (chart.pace.length > 1) {
    item(`at the pace of the last ${chart.paceDays} days`, [
      svg("path", { class: "pace", d: "M0,6H22" }),
    ]);
  }
}

/** @type {ResizeObserver | undefined} */
let watcher;

function drawAll() {
  watcher?.disconnect();
  /** @type {Map<Element, Chart>} */
  const charts = new Map();
  watcher = new ResizeObserver((changes) => {
    for (const { target } of changes) {
      const chart = charts.get(target);
      if (chart && target instanceof HTMLElement) draw(target, chart);
    }
  });
  for (const figure of document.querySelectorAll(".deals-chart")) {
    const data = figure.querySelector("script");
    if (!(figure instanceof HTMLElement) || !data) continue;
    const chart = JSON.parse(data.textContent ?? "");
    charts.set(figure, chart);
    legend(figure, chart);
    watcher.observe(figure);
  }
}

const BANNER = "beanscrow-banner";

/** @param {string} stale */
function banner(stale) {
  const found = document.getElementById(BANNER);
  if (!stale) {
    found?.remove();
    return;
  }
  const bar = found ?? html("div");
  bar.id = BANNER;
  bar.setAttribute("role", "alert");
  bar.textContent = stale;
  Object.assign(bar.style, {
    padding: ".75rem 1.5rem",
    color: "#fff",
    background: "#900",
    gridColumn: "1 / -1",
    position: "fixed",
    insetInline: "0",
    bottom: "0",
    zIndex: "10",
  });
  if (!found) document.body.append(bar);
}

/** @param {{api: {get: (endpoint: string, params: object) => Promise<any>}}} ctx */
async function askState(ctx) {
  try {
    banner((await ctx.api.get("state", {})).stale);
  } catch {
    banner("The server does not answer; what is shown may be out of date.");
  }
}

export default {
  /** @param {any} ctx */
  init(ctx) {
    setInterval(() => void askState(ctx), 5000);
  },
  /** @param {any} ctx */
  onPageLoad(ctx) {
    void askState(ctx);
  },
  onExtensionPageLoad() {
    drawAll();
  },
};
