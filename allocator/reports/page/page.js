"use strict";
// Draws the charts in place of their still pictures, which stay for print, and lets tables be searched.
(() => {
  const drawings = JSON.parse(document.getElementById("drawings").textContent);
  const NARROW = 520, LETTER = 6.2, LINE = 14; // pixels: of a chart, of a letter, of a line of letters

  // What stands beside an axis of a narrow chart goes on a further line rather than over the edge.
  function fitted(spec, width) {
    if (width >= NARROW) return spec;
    const fresh = structuredClone(spec);
    const beside = Math.round(width * 0.38), below = Math.round(width * 0.64);
    fresh.config.legend.columns = Math.max(1, Math.floor(width / 190));
    fresh.config.axisX = { ...fresh.config.axisX, labelSeparation: 6 };
    fresh.config.axisY = { ...fresh.config.axisY, labelLimit: beside };
    for (const { encoding, data } of fresh.layer) {
      const { x, y } = encoding;
      if (x?.title) x.title = x.title.match(RegExp(upTo(below), "g"));
      if (y?.type !== "nominal") continue;
      const labels = `replace(datum.label, regexp("${upTo(beside)}", "g"), "$1\\n")`;
      y.axis = { ...y.axis, labelExpr: `split(trim(${labels}), "\\n")` };
      const names = new Set(fresh.datasets[(data ?? fresh.data).name].map((record) => record[y.field]));
      const lines = Math.max(...[...names].map((name) => name.match(RegExp(upTo(beside), "g"))?.length ?? 1));
      fresh.height = Math.max(fresh.height, names.size * (lines + 0.5) * LINE);
    }
    return fresh;
  }

  // What matches as many words as go into so many pixels.
  function upTo(pixels) {
    return `(.{1,${Math.floor(pixels / LETTER)}})( |$)`;
  }

  function draw(place) {
    const fresh = document.createElement("div");
    fresh.className = "live";
    fresh.setAttribute("aria-hidden", "true");
    place.append(fresh);
    const spec = fitted(drawings[Number(place.dataset.drawing)], place.clientWidth);
    vegaEmbed(fresh, spec, {
      mode: "vega-lite",
      renderer: "svg",
      actions: false,
      ast: true,
      defaultStyle: false,
      tooltip: { disableDefaultStyle: true, theme: "custom" },
    }).then(() => place.classList.add("drawn"), () => fresh.remove());
  }

  for (const place of document.querySelectorAll(".chart")) draw(place);

  for (const filter of document.querySelectorAll(".filter")) {
    const rows = [...filter.nextElementSibling.querySelectorAll("tbody tr")];
    const names = rows.map((row) => row.cells[0].textContent.toLowerCase());
    const input = filter.querySelector("input");
    const output = filter.querySelector("output");
    input.addEventListener("input", () => {
      const wanted = input.value.trim().toLowerCase();
      let found = 0;
      rows.forEach((row, at) => {
        row.hidden = !names[at].includes(wanted);
        found += row.hidden ? 0 : 1;
      });
      output.textContent = wanted ? `${found} of ${rows.length} lines` : "";
    });
    filter.hidden = false;
  }
})();
