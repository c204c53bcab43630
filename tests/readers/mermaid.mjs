// Read a Gantt chart with the real mermaid, and compare what it understood
// with what taskctl meant.  Parsing alone proves nothing: an unknown `after`,
// an id with a dot, `1h30` or a cycle all parse.
//   node mermaid.mjs CHART.mmd EXPECTED.json
// EXPECTED: [{"title", "section", "start", "end"}], instants in RFC 3339.
import fs from 'node:fs';
import { JSDOM } from 'jsdom';

const [chart, expected] = process.argv.slice(2);
const dom = new JSDOM('<!DOCTYPE html><body></body>');
globalThis.window = dom.window;
globalThis.document = dom.window.document;
process.env.TZ = 'UTC';

const { default: mermaid } = await import('mermaid');
mermaid.initialize({ startOnLoad: false, suppressErrorRendering: true,
  maxTextSize: 1e9 });

const text = fs.readFileSync(chart, 'utf8');
const wanted = JSON.parse(fs.readFileSync(expected, 'utf8'));
await mermaid.parse(text);
const diagram = await mermaid.mermaidAPI.getDiagramFromText(text);
const got = diagram.db.getTasks();

const entities = (s) =>
  s.replace(/#(\d+);/g, (_, n) => String.fromCodePoint(Number(n)))
   .replace(/ﬂ°°(\d+)¶ß/g, (_, n) => String.fromCodePoint(Number(n)));
const faults = [];
if (got.length !== wanted.length)
  faults.push(`${got.length} items, ${wanted.length} wanted`);
for (let i = 0; i < Math.min(got.length, wanted.length); i++) {
  const g = got[i];
  const w = wanted[i];
  const at = `item ${i + 1}`;
  if (w.title !== undefined && entities(g.task).trim() !== w.title)
    faults.push(`${at}: title ${JSON.stringify(g.task)}, wanted ${JSON.stringify(w.title)}`);
  if (+g.startTime !== Date.parse(w.start))
    faults.push(`${at}: starts ${g.startTime.toISOString()}, wanted ${w.start}`);
  if (+g.endTime !== Date.parse(w.end))
    faults.push(`${at}: ends ${g.endTime.toISOString()}, wanted ${w.end}`);
}
for (const fault of faults) console.log(`# ${fault}`);
process.exit(faults.length > 0 ? 1 : 0);
