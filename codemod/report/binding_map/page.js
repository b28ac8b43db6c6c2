"use strict";

const map = document.getElementById("map");
const drawing = map.querySelector("svg");
const search = document.getElementById("search");
const status = document.getElementById("status");
const reset = document.getElementById("reset");
const nodes = [...map.querySelectorAll(".node")];
const arrows = [...map.querySelectorAll(".arrow")];
const rows = [...document.querySelectorAll("tbody tr")];
const findings = [...document.querySelectorAll("article")];

let selected = null;

// --- What is shown ---------------------------------------------------------------------------

const endsOf = (element) => element.dataset.nodes.split(" ");
const says = (element, words) => element.textContent.toLowerCase().includes(words);

function update() {
  const words = search.value.trim().toLowerCase();
  const concerns = (element) => selected === null || endsOf(element).includes(selected);
  const wanted = (element) => concerns(element) && says(element, words);
  const near = new Set([selected, ...arrows.filter(concerns).flatMap(endsOf)]);

  for (const node of nodes) {
    const aside = (selected !== null && !near.has(node.id)) || !says(node, words);
    node.classList.toggle("off", aside);
    node.setAttribute("aria-pressed", String(node.id === selected));
  }
  for (const arrow of arrows) arrow.classList.toggle("off", !wanted(arrow));
  for (const item of [...rows, ...findings]) item.hidden = !wanted(item);

  const narrowed = selected !== null || words !== "";
  reset.hidden = !narrowed;
  status.textContent = narrowed ? count(rows, "bindings") + ", " + count(findings, "findings") : "";
}

function count(items, noun) {
  return `${items.filter((item) => !item.hidden).length} of ${items.length} ${noun}`;
}

function select(id) {
  selected = id === selected ? null : id;
  update();
}

function showAll() {
  selected = null;
  search.value = "";
  update();
}

// --- Workers ---------------------------------------------------------------------------------

for (const node of nodes) {
  node.setAttribute("tabindex", "0");
  node.setAttribute("role", "button");
  node.setAttribute("aria-label", node.querySelector("title").textContent);
  node.addEventListener("click", () => select(node.id));
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    select(node.id);
  });
}

function reveal(node) {
  node.focus();
  node.scrollIntoView({ block: "center", inline: "center" });
}

for (const link of document.querySelectorAll("a[data-select]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const node = document.getElementById(link.dataset.select);
    selected = node.id;
    update();
    reveal(node);
  });
}

search.addEventListener("input", update);
search.addEventListener("keydown", (event) => {
  const found = nodes.find((node) => !node.classList.contains("off"));
  if (event.key === "Enter" && found) reveal(found);
});
reset.addEventListener("click", showAll);

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    showAll();
  } else if (event.key === "/" && event.target !== search) {
    event.preventDefault();
    search.select();
  }
});

// --- The table's order -----------------------------------------------------------------------

for (const heading of document.querySelectorAll("th")) {
  heading.querySelector("button").addEventListener("click", () => {
    const order = heading.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
    for (const other of heading.parentElement.children) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", order);
    const key = (row) => row.cells[heading.cellIndex].dataset.order;
    const sorted = [...rows].sort((one, other) => key(one).localeCompare(key(other)));
    rows[0].parentElement.append(...(order === "ascending" ? sorted : sorted.reverse()));
  });
}

// --- Zoom and pan ----------------------------------------------------------------------------

const [, , width, height] = drawing.getAttribute("viewBox").split(" ").map(Number);
const fit = () => Math.min(1, (map.clientWidth - 1) / width);
let scale = 1;

function zoom(to) {
  const ratio = Math.min(3, Math.max(0.1, to)) / scale;
  const x = map.scrollLeft + map.clientWidth / 2;
  const y = map.scrollTop + map.clientHeight / 2;
  scale *= ratio;
  drawing.style.width = `${width * scale}px`;
  drawing.style.height = `${height * scale}px`;
  map.scrollTo(x * ratio - map.clientWidth / 2, y * ratio - map.clientHeight / 2);
}

const zooms = { in: () => zoom(scale * 1.25), out: () => zoom(scale / 1.25), fit: () => zoom(fit()) };
const zoomKeys = { "+": zooms.in, "=": zooms.in, "-": zooms.out, 0: zooms.fit };

for (const button of document.querySelectorAll("[data-zoom]")) {
  button.addEventListener("click", zooms[button.dataset.zoom]);
}

map.addEventListener("keydown", (event) => {
  const pressed = event.ctrlKey || event.metaKey || event.altKey ? null : zoomKeys[event.key];
  pressed?.();
});

map.addEventListener(
  "wheel",
  (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(scale * Math.exp(-event.deltaY / 400));
  },
  { passive: false },
);

let travelled = 0;

map.addEventListener("pointerdown", () => {
  travelled = 0;
});

map.addEventListener("pointermove", (event) => {
  const dragged = event.pointerType === "mouse" && event.buttons === 1;
  map.classList.toggle("dragged", dragged);
  if (!dragged) return;
  travelled += Math.abs(event.movementX) + Math.abs(event.movementY);
  map.scrollBy(-event.movementX, -event.movementY);
});

// What ends a drag is no click.
map.addEventListener("click", (event) => travelled > 5 && event.stopPropagation(), true);

// --- The data --------------------------------------------------------------------------------

document.getElementById("save").addEventListener("click", () => {
  const data = new Blob([document.getElementById("data").textContent], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(data);
  link.download = "binding-map.json";
  link.click();
  URL.revokeObjectURL(link.href);
});

// A large map stays legible at first; the rest of it is a scroll away.
zoom(Math.max(0.75, fit()));
map.scrollTo(0, 0);
