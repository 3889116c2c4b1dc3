import { familyOf, looks } from "./type-family.ts";
import { grouped, percent } from "./quantities.ts";
import {
  CHARACTER,
  fitting,
  layOut,
  LINE,
  TEXT_SIZE,
  type Tile,
  type TreemapNode,
} from "./treemap-layout.ts";

const WIDTH = 1280;
const HEIGHT = 800;
const TOP = 44;
const BOTTOM = 36;
const MARGIN = 8;
const TITLE_SIZE = 16;
// Control characters and lone surrogates are no XML.
const unwritable = /[\p{Cc}\p{Cs}\ufffe\uffff]/gu;

/** A text for XML. */
export function escaped(given: string): string {
  return given
    .replaceAll(unwritable, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function text(x: number, y: number, content: string, style = ""): string {
  return content === "" ? "" : `<text x="${x}" y="${y}"${style}>${escaped(content)}</text>`;
}

function drawn({ node, x, y, width, height, isFrame, lines }: Tile, whole: number): string {
  const share = percent(node.bytes, whole);
  const title = `${node.path}${node.name === "(itself)" ? " itself" : ""}\n${grouped(node.bytes)} bytes, ${share}\n${grouped(node.count)} × ${node.types.join(", ")}`;
  const labels = lines.map((line, at) =>
    text(x + 4, y + 14 + at * LINE, line, isFrame ? ' class="head"' : at > 0 ? ' class="fine"' : ""),
  );
  const family = isFrame ? "frame" : familyOf(node.types);
  return `<g><title>${escaped(title)}</title><rect class="${family}" x="${x}" y="${y}" width="${width}" height="${height}"/>${labels.join("")}</g>`;
}

function legend(): string {
  let x = MARGIN;
  return looks
    .map(({ family, title }) => {
      const item = `<rect class="${family}" x="${x}" y="${HEIGHT - 26}" width="14" height="14"/>${text(x + 20, HEIGHT - 15, title)}`;
      x += 20 + title.length * TEXT_SIZE * CHARACTER + 20;
      return item;
    })
    .join("");
}

const css = (which: "light" | "dark"): string =>
  looks.map((look) => `.${look.family}{fill:${look[which]}}`).join("");

/** A treemap as one SVG, whose size fits a page; a tile tells more when the pointer rests on it. */
export function treemapSvg(tree: TreemapNode, title: string): string {
  const tiles = layOut(tree, WIDTH - 2 * MARGIN, HEIGHT - TOP - BOTTOM);
  const style = `text{font:${TEXT_SIZE}px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#161616}.head{font-weight:600}.fine{fill-opacity:.85}.title{font-size:${TITLE_SIZE}px}svg{background:#fff}.frame{fill:#fafafa;stroke:#8a8a8a}${css("light")}rect:hover{stroke:#000;stroke-width:2}@media(prefers-color-scheme:dark){text{fill:#fff}svg{background:#16181d}.frame{fill:#20232a;stroke:#7b7f8a}${css("dark")}rect:hover{stroke:#fff}}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" style="max-width:100%;height:auto" role="img" aria-label="${escaped(title)}">
<style>${style}</style>
<rect width="100%" height="100%" fill="none"/>
${text(MARGIN, 27, fitting(title, ((WIDTH - 2 * MARGIN) * TEXT_SIZE) / TITLE_SIZE), ' class="title"')}
<g transform="translate(${MARGIN} ${TOP})">
${tiles.map((tile) => drawn(tile, tree.bytes)).join("\n")}
</g>
${legend()}
</svg>
`;
}
