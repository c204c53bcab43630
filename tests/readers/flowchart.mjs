// Read a dependency graph with the real mermaid: the same tasks with the same
// names, and an arrow for every need and every barrier.
//   node flowchart.mjs GRAPH.mmd GRAPH.json
import fs from 'node:fs';
import { JSDOM } from 'jsdom';

const [graph, expected] = process.argv.slice(2);
const dom = new JSDOM('<!DOCTYPE html><body></body>');
globalThis.window = dom.window;
globalThis.document = dom.window.document;
for (const name of ['Element', 'Node', 'SVGElement', 'HTMLElement', 'DOMParser'])
  globalThis[name] ??= dom.window[name];

const { default: mermaid } = await import('mermaid');
mermaid.initialize({ startOnLoad: false, maxTextSize: 1e9, maxEdges: 1e6 });
const text = fs.readFileSync(graph, 'utf8');
const wanted = JSON.parse(fs.readFileSync(expected, 'utf8'));
await mermaid.parse(text);
const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);

const plain = (s) => s
  .replace(/#(\d+);|ﬂ°°(\d+)¶ß/g, (_, a, b) => String.fromCodePoint(Number(a ?? b)));
const caption = (task) => {
  const line = [...`${task.id} ${task.title}`.replace(/\s+/g, ' ').trim()];
  return line.length > 60 ? line.slice(0, 60).join('').trimEnd() + '…' : line.join('');
};
const vertices = [...db.getVertices().values()].map((v) => plain(v.text).replace(/ …$/, '…'));
const faults = [];
const compare = (what, got, want) => {
  if (got !== want) faults.push(`${what}: ${JSON.stringify(got)}, wanted ${JSON.stringify(want)}`);
};
compare('vertices', vertices.length, wanted.tasks.length);
wanted.tasks.forEach((task, i) => compare(`vertex ${i + 1}`, vertices[i], caption(task)));
const arrows = wanted.tasks.reduce((n, task) => n + task.needs.length, 0);
compare('arrows', db.getEdges().length, arrows + wanted.barriers.length);
const sections = new Set(wanted.tasks.map((t) => t.section).filter((s) => s !== null));
compare('sections', db.getSubGraphs().length, sections.size);
for (const fault of faults.slice(0, 10)) console.log(`# ${fault}`);
process.exit(faults.length > 0 ? 1 : 0);
