import { readFileSync } from "node:fs";
import { escaped } from "./treemap-svg.ts";
import type { TreemapNode } from "./treemap-layout.ts";
import { looks } from "./type-family.ts";

const css = (which: "light" | "dark"): string =>
  looks.map((look) => `.${look.family}{background:${look[which]}}`).join("");

const style = `
*{box-sizing:border-box}
html,body{height:100%;margin:0}
body{display:flex;flex-direction:column;gap:8px;padding:12px;font:14px system-ui,sans-serif;color-scheme:light dark;background:#fff;color:#161616}
h1{font-size:17px;margin:0;overflow-wrap:anywhere}
nav{display:flex;flex-wrap:wrap;gap:4px}
button{font:12px ui-monospace,Menlo,Consolas,monospace;padding:3px 8px;max-width:100%;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;color:inherit;background:transparent;border:1px solid #8a8a8a;border-radius:4px;cursor:pointer}
button:disabled{font-weight:600;cursor:default;opacity:1;border-color:transparent}
#map{position:relative;flex:1;min-height:240px}
.tile{position:absolute;overflow:hidden;font:12px/15px ui-monospace,Menlo,Consolas,monospace}
.tile>span{display:block;overflow:hidden;white-space:pre;padding:0 4px}
.tile:not(.frame){padding-top:1px}
.frame{border:1px solid #8a8a8a;background:#fafafa}
.frame[role]{cursor:zoom-in}
.frame>span{line-height:18px;font-weight:600}
.tile:hover,.tile:focus-visible{outline:2px solid currentColor;outline-offset:-2px}
footer{display:flex;flex-direction:column;gap:6px}
#details{margin:0;min-height:2.6em;font:13px/1.3 ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere}
ul{display:flex;flex-wrap:wrap;gap:4px 16px;margin:0;padding:0;list-style:none;font-size:12px}
li{display:flex;align-items:center;gap:6px}
li>i{width:14px;height:14px}
${css("light")}
@media(prefers-color-scheme:dark){body{background:#16181d;color:#fff}.frame{background:#20232a;border-color:#7b7f8a}${css("dark")}}
`;

/** A text of JSON that no `<` can end the element of. */
const inScript = (json: string): string => json.replaceAll("<", "\\u003c");

/** A treemap as a page that needs nothing beside itself: details under the pointer, a click opens a tile. */
export function treemapHtml(tree: TreemapNode, title: string): string {
  const script = readFileSync(new URL("treemap-page.js", import.meta.url), "utf8");
  const legend = looks
    .map((look) => `<li><i class="${look.family}"></i>${escaped(look.title)}</li>`)
    .join("");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${style}</style>
<h1>${escaped(title)}</h1>
<nav id="trail" aria-label="Path"></nav>
<main id="map"></main>
<footer><p id="details" role="status"></p><ul>${legend}</ul></footer>
<script type="application/json" id="data">${inScript(JSON.stringify(tree))}</script>
<script>
/* The layout is that of d3-hierarchy, Copyright 2010-2021 Mike Bostock, ISC license. */
${script.trim()}
</script>
</html>
`;
}
