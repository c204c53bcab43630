// Draw with headless Chromium: Mermaid blocks by the real mermaid, pages and
// pictures as they are.  Nothing may ask for the network.
//   node draw.mjs OUT FILE...        (.mmd .svg .html; a picture of each in OUT)
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import puppeteer from 'puppeteer-core';

const [out, ...files] = process.argv.slice(2);
const bundle = path.join(path.dirname(createRequire(import.meta.url).resolve('mermaid')), 'mermaid.min.js');
const profile = fs.mkdtempSync(path.join(out, 'profile-'));
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  headless: true, userDataDir: profile,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
let failed = 0;

async function open(wanted) {
  const page = await browser.newPage();
  const faults = [];
  await page.setViewport({ width: 1400, height: 900 });
  page.on('console', (m) => { if (m.type() === 'error') faults.push('console: ' + m.text()); });
  page.on('pageerror', (e) => faults.push('error: ' + e.message));
  page.on('request', (r) => {
    if (!/^(file|data|about):/.test(r.url())) faults.push('asked for ' + r.url());
  });
  if (wanted) await page.goto('file://' + path.resolve(wanted));
  return { page, faults };
}

async function mermaid(file) {
  const { page, faults } = await open();
  const text = fs.readFileSync(file, 'utf8');
  await page.setContent('<!DOCTYPE html><div id="c" style="width:1300px"></div>');
  await page.addScriptTag({ path: bundle });
  const seen = await page.evaluate(async (source) => {
    mermaid.initialize({ startOnLoad: false, securityLevel: 'strict',
      suppressErrorRendering: true });
    try {
      const { svg } = await mermaid.render('g', source);
      document.getElementById('c').innerHTML = svg;
      return { bars: document.querySelectorAll('rect.task').length,
        nodes: document.querySelectorAll('g.node').length,
        nan: /NaN|undefined/.test(svg.replace(/>[^<]*</g, '><')),
        strange: document.querySelectorAll('#c script, #c img, #c b, #c a').length,
        text: document.getElementById('c').textContent };
    } catch (e) { return { error: String(e.message || e).slice(0, 200) }; }
  }, text);
  const items = text.split('\n').filter((l) => / :.*, \d+m$/.test(l)).length;
  const nodes = text.split('\n').filter((l) => /^ {4}t[\w-]*\["/.test(l)).length;
  if (seen.error) faults.push(seen.error);
  else if (seen.nan) faults.push('NaN in the drawing');
  else if (seen.strange > 0) faults.push('a title became an element');
  else if (/Unsupported markdown/.test(seen.text)) faults.push('a title was read as Markdown');
  else if (seen.bars !== items || seen.nodes !== nodes)
    faults.push(`${seen.bars} bars and ${seen.nodes} nodes, wanted ${items} and ${nodes}`);
  return { page, faults };
}

async function html(file) {
  const { page, faults } = await open(file);
  const is = async (what, expression) => {
    if (!await page.evaluate(expression)) faults.push('not so: ' + what);
  };
  await is('no script ran from a title', 'window.pwned === undefined');
  const bars = await page.evaluate("JSON.parse(document.getElementById('data').textContent).bars.length");
  if (bars > 0) {
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await is('an arrow key chooses a bar', "!document.getElementById('tip').hidden");
    const width = () => page.evaluate("+document.getElementById('plot').getAttribute('width')");
    const before = await width();
    await page.keyboard.press('+');
    if (await width() <= before) faults.push('+ does not zoom in');
    await page.keyboard.press('-');
    await page.keyboard.press('0');
    await page.keyboard.press('t');
    await is('t changes the theme', "document.documentElement.dataset.theme === 'dark'");
    await page.keyboard.press('t');
    await page.keyboard.press('/');
    await page.keyboard.type('zzzz');
    await is('/ searches', "document.getElementById('found').textContent === '0 found'");
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await is('Escape forgets', "document.getElementById('tip').hidden");
    const bar = await page.$('#plot g.bar rect, #plot g.bar polygon');
    await bar.hover();
    await is('hovering tells', "!document.getElementById('tip').hidden");
  }
  return { page, faults };
}

// Text stays text, within the picture, and nothing of a title runs.
async function svg(file) {
  const { page, faults } = await open(file);
  const seen = await page.evaluate(() => {
    const root = document.documentElement, all = [...root.querySelectorAll('text')];
    const width = root.viewBox ? root.viewBox.baseVal.width : Infinity;
    return { texts: all.length, scripts: root.querySelectorAll('script').length,
      wide: all.filter((t) => t.getBBox().width > width).length };
  });
  if (seen.texts === 0) faults.push('no text');
  if (seen.scripts > 0) faults.push('a script');
  if (seen.wide > 0) faults.push('text wider than the picture');
  return { page, faults };
}

for (const file of files) {
  const kind = { '.mmd': mermaid, '.html': html, '.svg': svg }[path.extname(file)];
  if (!kind) throw new Error('what is ' + file);
  const { page, faults } = await kind(file);
  await page.screenshot({ path: path.join(out, path.basename(file) + '.png') });
  await page.close();
  for (const fault of faults) console.log(`# ${path.basename(file)}: ${fault}`);
  failed += faults.length > 0;
}
await browser.close();
fs.rmSync(profile, { recursive: true, force: true });
process.exit(failed > 0 ? 1 : 0);
