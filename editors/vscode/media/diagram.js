// A click or Enter on an element that has a position in the script goes there.
const editor = acquireVsCodeApi();
for (const place of document.querySelectorAll("g[data-line]")) {
  place.setAttribute("tabindex", "0");
  place.setAttribute("role", "link");
  // A line is too thin to click: an invisible copy is wider.
  for (const line of place.querySelectorAll("line.hop")) {
    const reach = line.cloneNode();
    reach.setAttribute("class", "reach");
    place.append(reach);
  }
  const go = () => editor.postMessage({ kind: "go", line: Number(place.dataset.line), column: Number(place.dataset.column) });
  place.addEventListener("click", go);
  place.addEventListener("keydown", (event) => { if (event.key === "Enter") go(); });
}
window.addEventListener("message", ({ data }) => {
  if (data.kind === "outdated") document.getElementById("outdated").hidden = false;
});
