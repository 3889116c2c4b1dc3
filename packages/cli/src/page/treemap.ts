/// <reference lib="dom" />
// What the page of `brine stat --html` runs: it is built into one text by itself, and written into each page.
import { grouped, percent } from "../quantities.ts";
import { layOut, type TreemapNode } from "../treemap-layout.ts";
import { familyOf } from "../type-family.ts";

const byId = (id: string): HTMLElement => document.getElementById(id)!;
const tree = JSON.parse(byId("data").textContent) as TreemapNode;
const map = byId("map");
const trail = byId("trail");
const details = byId("details");

/** From the whole to what is shown. */
let shown: TreemapNode[] = [tree];
const current = (): TreemapNode => shown.at(-1) ?? tree;

const told = ({ path, name, bytes, count, types }: TreemapNode): string => {
  const of = types.length > 0 ? ` ${types.join(", ")}` : "";
  const itself = name === "(itself)" ? ", without what is inside" : "";
  return `${path}${itself}: ${grouped(bytes)} bytes, ${percent(bytes, tree.bytes)} of the file, ${grouped(count)} ×${of}`;
};

function describe(node: TreemapNode): void {
  details.textContent = told(node);
}

const parents = new Map<TreemapNode, TreemapNode>();
for (const stack = [tree]; stack.length > 0;) {
  const node = stack.pop() ?? tree;
  for (const child of node.children) {
    parents.set(child, node);
    stack.push(child);
  }
}

/** Shows a node and what is on it. */
function zoomTo(node: TreemapNode): void {
  shown = [];
  for (let at: TreemapNode | undefined = node; at !== undefined; at = parents.get(at)) shown.unshift(at);
  draw();
}

function draw(): void {
  // Before the map is measured: it takes room from it.
  trail.replaceChildren(
    ...shown.map((node, index) => {
      const step = document.createElement("button");
      step.textContent = node.name;
      step.disabled = index === shown.length - 1;
      step.addEventListener("click", () => {
        shown = shown.slice(0, index + 1);
        draw();
      });
      return step;
    }),
  );
  describe(current());
  const width = map.clientWidth;
  const height = map.clientHeight;
  const tiles = layOut(current(), width, height);
  map.replaceChildren(
    ...tiles.map(({ node, x, y, width: wide, height: high, isFrame, lines }) => {
      const element = document.createElement("div");
      element.className = `tile ${isFrame ? "frame" : familyOf(node.types)}`;
      element.style.cssText = `left:${x}px;top:${y}px;width:${wide}px;height:${high}px`;
      element.title = told(node);
      for (const line of lines) {
        const text = document.createElement("span");
        text.textContent = line;
        element.append(text);
      }
      element.addEventListener("pointerenter", () => describe(node));
      element.addEventListener("focus", () => describe(node));
      if (isFrame && node !== current()) {
        element.tabIndex = 0;
        element.setAttribute("role", "button");
        element.setAttribute("aria-label", `Open ${told(node)}`);
        element.addEventListener("click", () => zoomTo(node));
        element.addEventListener("keydown", ({ key }) => {
          if (key === "Enter" || key === " ") zoomTo(node);
        });
      }
      return element;
    }),
  );
}

document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape" || shown.length === 1) return;
  shown.pop();
  draw();
});
addEventListener("resize", draw);
draw();
