(() => {
  "use strict";
  // In pixels, as wide as charts are made for: the style shrinks them to the page.
  const onPaper = (place) => (place.classList.contains("crowded") ? 1100 : 900);
  const read = (name) => JSON.parse(document.getElementById(name).textContent);
  const look = read("look");
  const places = [...document.querySelectorAll(".chart")];

  const draw = (place) => {
    const { data, layout } = read(place.dataset.drawing);
    place.replaceChildren();
    place.style.height = `${layout.height}px`; // plotly takes its size from here whenever the window changes
    return Plotly.newPlot(place, data, { ...layout, template: look.template, autosize: true }, look.config);
  };

  const failed = (place) => {
    place.textContent = place.dataset.instead;
    place.style.height = "";
    place.classList.add("undrawn");
  };

  for (const place of places) {
    place.dataset.instead = place.textContent;
    try {
      draw(place).catch(() => failed(place));
    } catch {
      failed(place);
    }
  }

  const drawn = () => places.filter((place) => place.classList.contains("js-plotly-plot"));
  const folded = [...document.querySelectorAll("details[data-print=open]")];
  let opened = [];

  window.addEventListener("beforeprint", () => {
    opened = folded.filter((part) => !part.open);
    opened.forEach((part) => { part.open = true; });
    drawn().forEach((place) => Plotly.relayout(place, { autosize: false, width: onPaper(place) }));
  });
  window.addEventListener("afterprint", () => {
    opened.forEach((part) => { part.open = false; });
    drawn().forEach((place) => Plotly.relayout(place, { autosize: true, width: null }));
  });
  document.documentElement.dataset.ready = "yes";
})();
