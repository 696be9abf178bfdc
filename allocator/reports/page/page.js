"use strict";
// Draws the charts in place of their still pictures, which stay for print, and lets tables be searched.
(() => {
  const drawings = JSON.parse(document.getElementById("drawings").textContent);
  const NARROW = 520;

  function fitted(spec, width) {
    if (width >= NARROW) return spec;
    const config = structuredClone(spec.config);
    config.legend.columns = Math.max(1, Math.floor(width / 190));
    config.axis.labelLimit = Math.round(width * 0.36);
    return { ...spec, config };
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
