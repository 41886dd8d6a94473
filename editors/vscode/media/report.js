// Filter, copy, and clicks on rows that have a position in the script.
const editor = acquireVsCodeApi();
const filter = document.getElementById("filter");
const apply = () => {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const section of document.querySelectorAll("details")) {
    let shown = 0;
    for (const row of section.querySelectorAll("tr")) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      shown += row.hidden ? 0 : 1;
    }
    section.hidden = shown === 0;
    section.querySelector(".count").textContent = String(shown);
  }
  editor.setState({ filter: filter.value });
};
filter.value = editor.getState()?.filter ?? "";
filter.addEventListener("input", apply);
apply();
document.getElementById("copy").addEventListener("click", () => editor.postMessage({ kind: "copy" }));
for (const row of document.querySelectorAll("tr[data-line]")) {
  const go = () => editor.postMessage({ kind: "go", line: Number(row.dataset.line), column: Number(row.dataset.column) });
  row.addEventListener("click", go);
  row.addEventListener("keydown", (event) => { if (event.key === "Enter") go(); });
}
window.addEventListener("message", ({ data }) => {
  if (data.kind === "outdated") document.getElementById("outdated").hidden = false;
});
