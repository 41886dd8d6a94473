// A click or Enter on an element that has a position in the script goes there; the picture can be enlarged, filtered and saved.
const editor = acquireVsCodeApi();
const svg = document.querySelector("svg");
const natural = Number(svg.getAttribute("width"));
const MIN_SCALE = 0.1, MAX_SCALE = 5, STEP = 1.2;

for (const place of svg.querySelectorAll("g[data-line]")) {
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

// Size: natural at first; Ctrl and the wheel enlarge what is under the pointer.
let scale = editor.getState()?.scale ?? 1;
const heads = svg.querySelector("g.heads");
const keepHeads = () => {
  // The names of the lanes stay in sight.
  const above = Math.max(0, window.scrollY - svg.getBoundingClientRect().top - window.scrollY + document.querySelector("#tools").offsetHeight);
  heads.setAttribute("transform", `translate(0 ${above / scale})`);
};
const resize = (wanted, x = window.innerWidth / 2, y = window.innerHeight / 2) => {
  const next = Math.min(MAX_SCALE, Math.max(MIN_SCALE, wanted));
  const box = svg.getBoundingClientRect();
  const [left, top] = [(x - box.left) / scale, (y - box.top) / scale];
  scale = next;
  svg.setAttribute("width", String(natural * scale));
  svg.removeAttribute("height");
  const now = svg.getBoundingClientRect();
  window.scrollBy(now.left + left * scale - x, now.top + top * scale - y);
  document.getElementById("scale").textContent = `${Math.round(scale * 100)} %`;
  editor.setState({ scale });
  keepHeads();
};
window.addEventListener("wheel", (event) => {
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  resize(scale * (event.deltaY < 0 ? STEP : 1 / STEP), event.clientX, event.clientY);
}, { passive: false });
window.addEventListener("scroll", keepHeads);
const press = (id, action) => document.getElementById(id).addEventListener("click", action);
press("smaller", () => resize(scale / STEP));
press("larger", () => resize(scale * STEP));
press("natural", () => resize(1));
press("fit", () => resize((document.documentElement.clientWidth - 24) / natural));
press("save", () => editor.postMessage({ kind: "save" }));

// A click on a peer shows what it takes part in; a second one all again.
let only;
const filter = (peer) => {
  only = only === peer ? undefined : peer;
  for (const part of svg.querySelectorAll("g[data-peer]")) {
    part.classList.toggle("dim", only !== undefined && !part.dataset.peer.split(" ").includes(only));
  }
  for (const head of svg.querySelectorAll("g[data-head]")) {
    head.classList.toggle("dim", only !== undefined && head.dataset.head !== only);
    head.setAttribute("aria-pressed", String(head.dataset.head === only));
  }
};
for (const head of svg.querySelectorAll("g[data-head]")) {
  head.setAttribute("tabindex", "0");
  head.setAttribute("role", "button");
  head.addEventListener("click", () => filter(head.dataset.head));
  head.addEventListener("keydown", (event) => { if (event.key === "Enter") filter(head.dataset.head); });
}

window.addEventListener("message", ({ data }) => {
  if (data.kind === "outdated") document.getElementById("outdated").hidden = false;
});
resize(scale, 0, 0);
