// taskctl serve in a real browser: live, light and dark, by keyboard, on a
// phone, without a script; axe-core finds nothing; hostile titles stay text.
//   node serve.mjs OUT URL TOKEN [FILE.html]    (in a coordinator's folder)
import fs from 'node:fs';
import path from 'node:path';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const [out, base, token, file] = process.argv.slice(2);
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const faults = [];
const check = (what, fine, more = '') => { if (!fine) faults.push(what + (more ? ': ' + more : '')); };
const taskctl = (...words) => execFileSync('taskctl', words,
  { encoding: 'utf8', maxBuffer: 1 << 26 });
const large = Number(taskctl('status', '--format', '{totals.tasks}')) > 1000;

async function open(options = {}, enter = true, at = base, script = null) {
  const context = await browser.newContext({ viewport: { width: 1300, height: 900 }, ...options });
  // A page asks every quarter of a minute, whatever it hears: here that would hide
  // that it hears nothing.
  await context.addInitScript(() => {
    const every = window.setInterval;
    window.setInterval = (what, ms) => ms < 15000 ? every(what, ms) : 0;
  });
  if (script) await context.addInitScript(script);
  const page = await context.newPage();
  page.on('pageerror', (e) => faults.push('error: ' + e.message));
  page.on('console', (m) => {
    // The door answers 401 with its page: that is how one comes in; a
    // refusal of what was asked for is a page too.
    if (m.type() === 'error' && !/status of 4(01|09)/.test(m.text())) faults.push('console: ' + m.text());
  });
  page.on('request', (r) => {
    if (!r.url().startsWith(at) && !/^(data|about|file):/.test(r.url())) faults.push('asked for ' + r.url());
  });
  if (enter) {
    await page.goto(at + '/#t=' + token);
    await page.waitForSelector('#progress');
  }
  return { context, page };
}
async function accessible(page, what) {
  const found = await page.evaluate(axe + '; axe.run(document, { resultTypes: ["violations"] })');
  for (const one of found.violations)
    check('axe: ' + what, false, one.id + ' at ' + one.nodes.map((n) => n.target).slice(0, 3).join(' '));
}
async function picture(page, name) {
  await page.waitForTimeout(300);
  await page.screenshot({ path: path.join(out, 'serve-' + name + '.png'), fullPage: !large });
}

const first = taskctl('-q', 'ready', '--limit', '1').trim();

{ // the door
  const { context, page } = await open();
  check('the token leaves the address', !page.url().includes(token));
  const cookie = (await context.cookies())[0];
  check('the cookie is HttpOnly and Strict', cookie.httpOnly && cookie.sameSite === 'Strict');
  check('the cookie is not the token', !cookie.value.includes(token));

  // A claim elsewhere is seen within a second.
  await page.waitForSelector('#live.on');
  await page.waitForTimeout(500);
  const before = await page.textContent('#summary');
  // What it takes here to ask for the page, and to start a program.
  const asked = await page.evaluate(async () => {
    const from = performance.now();
    await (await fetch('/')).text();
    return performance.now() - from;
  });
  const start = Date.now();
  taskctl('version');
  const most = (large ? 3000 : 1000) + 10 * (asked + Date.now() - start);
  taskctl('claim', first, '--agent', 'far<away>');
  const began = Date.now();
  await page.waitForFunction((was) => document.querySelector('#summary').textContent !== was, before,
    { timeout: Math.max(10000, most), polling: 20 }).catch(() => {});
  const took = Date.now() - began;
  console.log(`# a claim elsewhere was seen after ${took} ms of ${Math.round(most)}`);
  check('live within a second', took < most, took + ' ms');
  check('who has it is text', (await page.textContent('#work')).includes('far<away>'));
  check('no title ran', await page.evaluate(() => window.pwned === undefined));
  // What has changed lights up, unless the reader wants nothing to move.
  const moves = () => page.evaluate(() => getComputedStyle(document.querySelector('.changed')).animationName);
  check('what has changed is shown', await moves() === 'changed');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  check('nothing moves for who wants it so', await moves() === 'none');

  // Another tab of the same browser is live too, with no stream of its own.
  const second = await context.newPage();
  await second.goto(base + '/tasks');
  await second.waitForSelector('#live.on');
  taskctl('release', first, '--agent', 'far<away>');
  await second.waitForFunction((id) => [...document.querySelectorAll('#rows tr')].some((r) =>
    r.cells[0].textContent === id && r.dataset.state === 'ready'), first,
    { timeout: 20000 }).catch(() => check('a second tab is live', false));
  await context.close();
}
// Somebody else takes a task, or gives it back; whether the page shows it in time.
async function sees(page, what, most, change) {
  const was = await page.textContent('#summary');
  change();
  await page.waitForFunction((old) => document.querySelector('#summary').textContent !== old, was,
    { timeout: most, polling: 50 }).catch(() => check(what, false, 'not in ' + most + ' ms'));
}
const take = () => taskctl('claim', first, '--agent', 'far<away>');
const give = () => taskctl('release', first, '--agent', 'far<away>');

if (!large) { // who has had much made for him is answered late, but with the truth
  const { context, page } = await open();
  await page.waitForSelector('#live.on');
  await page.waitForTimeout(500);
  let late = 0, asked = 0;
  page.on('response', (r) => { if (r.url() === base + '/') late += r.headers()['server-timing'] === 'late'; });
  const ask = async (at) =>
    (await fetch(base + at, { headers: { Authorization: 'Bearer ' + token } })).text();
  // How much is much is up to the machine: twice as much each time, until it was.  By
  // several at once: what there is for it grows with the time that it takes.
  for (let much = 100; late === 0 && much <= 3200; much *= 2) {
    const last = asked + much;
    await Promise.all([1, 2, 3, 4, 5, 6].map(async () => {
      while (asked < last) await ask('/tasks?q=much' + asked++);
    }));
    await ask('/');
    await sees(page, 'the page asks until it is not late', 15000, take);
    await sees(page, 'the page asks until it is not late again', 15000, give);
  }
  console.log(`# a late answer came after ${asked} others`);
  check('a late answer came first', late > 0);
  await context.close();
}
{ // pages, by pointer and keyboard
  const { context, page } = await open();
  for (const [name, at] of [['home', '/'], ['tasks', '/tasks'], ['task', '/task/' + encodeURIComponent(first)],
    ['gantt', '/gantt'], ['graph', '/graph'], ['log', '/log']]) {
    await page.goto(base + at);
    await page.waitForLoadState('networkidle', { timeout: 1500 }).catch(() => {});
    if (!large || name === 'home') await accessible(page, name);
    await picture(page, (large ? 'large-' : '') + name);
  }
  await page.goto(base + '/tasks');
  await page.keyboard.press('/');
  await page.keyboard.type('zzzz');
  check('the filter leaves nothing', await page.locator('#rows tbody tr:visible').count() === 0);
  // A word that only titles have leaves exactly their tasks.
  const all = JSON.parse(taskctl('--json', 'list')).tasks, word = large ? '7:' : 'AND';
  await page.fill('#seek', word);
  const left = await page.$$eval('#rows tbody tr', (rows) =>
    rows.filter((r) => r.checkVisibility()).map((r) => r.cells[0].textContent).join());
  const wanted = all.filter((t) => t.title.toLowerCase().includes(word.toLowerCase())).map((t) => t.ref);
  check('the filter leaves those that have the word', wanted.length > 1 && left === wanted.join(),
    left.slice(0, 60) + ', not ' + wanted.join().slice(0, 60));
  await page.fill('#seek', '');
  check('without a word all are there', await page.locator('#rows tbody tr:not([hidden])').count() === all.length);
  await page.goto(base + '/');
  await page.keyboard.press('c');
  await page.waitForURL(base + '/gantt');
  const chart = page.frameLocator('#gantt');
  await chart.locator('#chart').focus();
  const width = () => chart.locator('#plot').getAttribute('width').then(Number);
  const narrow = await width();
  await page.keyboard.press('+');
  check('the Gantt chart zooms', await width() > narrow);
  if (!large) { // the bar below the pointer says what it is
    const bar = chart.locator('#plot .bar').first(), tip = chart.locator('#tip');
    check('no bar tells unasked', await tip.isHidden());
    await bar.hover();
    const said = await tip.textContent();
    check('the Gantt chart tells of a bar', await tip.isVisible() && /UTC/.test(said), said);
    await page.mouse.move(5, 5);
    check('and no longer', await tip.isHidden());
  }
  await context.close();
}
{ // a browser without event streams asks again and again
  const { context, page } = await open({}, true, base, () => delete window.EventSource);
  check('it says how often it asks', await page.textContent('#live') === 'every 5 s');
  await page.waitForTimeout(500);
  await sees(page, 'live without a stream', 20000, take);
  await context.close();
  give();
}
{ // a server that ends and begins again: the browser finds it by itself
  const serve = async (port) => {
    const child = spawn('taskctl', ['--json', 'serve', '--port', port], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [text] = await Promise.race([once(child.stdout, 'data'),
      once(child, 'exit').then(() => { throw new Error('taskctl serve has ended'); })]);
    return { child, url: JSON.parse(text).url };
  };
  const end = async (child) => { child.kill(); await once(child, 'exit'); };
  let own = await serve('0');
  const port = new URL(own.url).port;
  const { context, page } = await open({}, true, own.url);
  await page.waitForSelector('#live.on');
  await page.waitForTimeout(500);
  await end(own.child);
  await page.waitForSelector('#live.off', { timeout: 15000 }).catch(() => check('the end is seen', false));
  take(); // while nobody can tell
  own = await serve(port);
  await page.waitForSelector('#live.on', { timeout: 30000 }).catch(() => check('it is found again', false));
  await page.waitForFunction(() => document.querySelector('#work').textContent.includes('far<away>'), null,
    { timeout: 15000 }).catch(() => check('what happened in between is there', false));
  await sees(page, 'live again', 10000, give);
  await context.close();
  await end(own.child);
  faults.splice(0, faults.length, ...faults.filter((f) => !/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE|ERR_EMPTY/.test(f)));
}
{ // the chart of one sprint, and what happens in it
  const { context, page } = await open({ javaScriptEnabled: false }, false);
  await page.goto(base + '/gantt');
  await page.fill('#token', token);
  await page.click('#login button');
  await page.goto(base + '/gantt');
  const bars = () => page.frameLocator('#gantt').locator('#plot .bar');
  const all = await bars().count();
  const sprint = page.locator('select[name=sprint]');
  if (await sprint.locator('option').count() > 2) {
    await sprint.selectOption({ index: 2 });
    await page.getByRole('button', { name: 'Show' }).click();
    const tasks = JSON.parse(taskctl('--json', 'list', '--sprint', await sprint.inputValue())).tasks;
    const some = await bars().count();
    check('the chart of one sprint', some === tasks.length && some < all, some + ' of ' + all);
  }
  await context.close();

  const live = await open();
  // What the page asks for first tells it what is no news.
  const known = live.page.waitForResponse((r) => r.url() === base + '/gantt' &&
    r.request().resourceType() === 'fetch');
  await live.page.goto(base + '/gantt');
  await live.page.waitForSelector('#live.on');
  await (await known).finished();
  await live.page.waitForTimeout(large ? 4000 : 1000);
  // It offers to draw anew, or does so where it was drawn long ago.
  const heard = Promise.any([
    live.page.waitForSelector('#redraw:not([hidden])', { timeout: 20000 }),
    live.page.waitForRequest((r) => r.url().startsWith(base + '/gantt/chart'), { timeout: 20000 })]);
  taskctl('note', first, 'seen', '--agent', 'far<away>');
  await heard.catch(() => check('the chart hears of a change', false));
  await live.context.close();
}
if (!large) { // the graph: what it marks is what plan names
  const { context, page } = await open();
  const { nodes, edges } = await page.evaluate(async () => {
    const text = await (await fetch('/graph.svg?theme=light')).text();
    const graph = new DOMParser().parseFromString(text, 'image/svg+xml');
    const marked = (el) => +el.querySelector('path').getAttribute('stroke-width') > 2;
    const title = (el) => el.querySelector('title').textContent;
    const id = {}, nodes = [], edges = [];
    for (const el of graph.querySelectorAll('.node')) {
      id[title(el)] = el.querySelector('text').textContent.split(' ')[0];
      if (marked(el)) nodes.push(id[title(el)]);
    }
    for (const el of graph.querySelectorAll('.edge'))
      if (marked(el)) edges.push(title(el).split('->').map((t) => id[t]).join());
    return { nodes, edges };
  });
  const path = JSON.parse(taskctl('--json', 'plan')).critical_path;
  check('the graph marks the critical path', path.length > 2 && path.every((t) => nodes.includes(t)),
    path + ' is not in ' + nodes);
  check('and no other task', nodes.length < JSON.parse(taskctl('--json', 'list')).tasks.length);
  check('and its arrows', path.every((t, i) => i === 0 || edges.includes(path[i - 1] + ',' + t)), edges.join(' '));
  await context.close();
}
{ // dark, and back
  const { context, page } = await open({ colorScheme: 'dark' });
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await ground();
  await accessible(page, 'dark');
  await picture(page, 'dark');
  await page.keyboard.press('t');
  check('t turns to light', await ground() !== dark);
  await page.reload();
  check('and it stays', await ground() !== dark);
  await context.close();
}
{ // a phone
  const { context, page } = await open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  for (const at of ['/', '/tasks', '/task/' + encodeURIComponent(first), '/gantt', '/graph', '/log']) {
    await page.goto(base + at);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    check('fits a phone: ' + at, wide <= 0, wide + ' px too wide');
  }
  await page.goto(base + '/');
  if (!large) await accessible(page, 'phone');
  await picture(page, 'phone');
  await context.close();
}
{ // without a script
  const { context, page } = await open({ javaScriptEnabled: false }, false);
  await page.goto(base + '/');
  await page.fill('#token', token);
  await page.click('#login button');
  check('the form lets in', await page.locator('#progress').count() === 1);
  check('all is there without a script', await page.locator('#board li').count() > 0);
  await page.goto(base + '/gantt');
  check('the chart too', await page.frameLocator('#gantt').locator('#plot .bar').count() > 0);
  await context.close();
}
if (!large) { // changes from the page: by keyboard, and without a script
  const free = taskctl('-q', 'ready', '--limit', '1').trim();
  const state = () => JSON.parse(taskctl('--json', 'show', free)).task;
  const { context, page } = await open({ viewport: { width: 390, height: 844 } });
  await page.goto(base + '/task/' + encodeURIComponent(free));
  await accessible(page, 'task with changes');
  await picture(page, 'do');
  await page.getByRole('link', { name: 'Claim' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/act/claim/**');
  await accessible(page, 'claim');
  await page.getByLabel('Who acts').focus();
  await page.keyboard.type('<b>mia</b> \u00e9');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/task/**');
  check('a claim from the page', state().lease?.agent === '<b>mia</b> \u00e9', JSON.stringify(state().lease));
  check('its holder is text', (await page.textContent('#task')).includes('<b>mia</b>'));
  await page.getByRole('link', { name: 'Fail' }).click();
  check('who acts is remembered', await page.getByLabel('Who acts').inputValue() === '<b>mia</b> \u00e9');
  await page.getByRole('button', { name: 'Fail' }).click();
  check('why has to be said', page.url().includes('/act/fail/'));
  await page.getByLabel('Who acts').fill('somebody');
  await page.getByLabel('Why').fill('<script>window.pwned=1</script>\ntwo lines');
  await page.getByRole('button', { name: 'Fail' }).click();
  await page.waitForSelector('[role=alert]');
  check('a refusal says who has it', (await page.textContent('[role=alert]')).includes('<b>mia</b>'));
  check('the refusal has the focus', await page.evaluate(() => document.activeElement?.className === 'refusal'));
  check('what was written stays', (await page.getByLabel('Why').inputValue()).endsWith('\ntwo lines'));
  check('no title ran', await page.evaluate(() => window.pwned === undefined));
  await accessible(page, 'refusal');
  await picture(page, 'refusal');
  await page.emulateMedia({ colorScheme: 'dark' });
  await accessible(page, 'refusal, dark');
  await picture(page, 'refusal-dark');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  check('the form fits a phone', wide <= 0, wide + ' px too wide');
  check('nothing was changed', state().state === 'claimed');
  const cookies = await context.cookies();
  await context.close();

  const bare = await open({ javaScriptEnabled: false }, false);
  await bare.context.addCookies(cookies);
  await bare.page.goto(base + '/task/' + encodeURIComponent(free));
  await bare.page.getByRole('link', { name: 'Give back' }).click();
  await bare.page.getByRole('button', { name: 'Give back' }).click();
  await bare.page.waitForURL('**/task/**');
  check('without a script too', state().state === 'ready');
  await bare.context.close();

  // A page of another site, which the browser brings the cookie to.
  const evil = await open();
  await evil.page.route('http://evil.example/**', (r) => r.fulfill({ contentType: 'text/html',
    body: `<form method=post action="${base}/act/claim/${free}"><input name=agent value=eve>
      <input name=form value=00></form><script>document.forms[0].submit()</script>` }));
  await evil.page.goto('http://evil.example/').catch(() => {});
  await evil.page.waitForTimeout(500);
  check('a form of another site changes nothing', state().state === 'ready');
  faults.splice(0, faults.length, ...faults.filter((f) => !/evil\.example|status of 40[13]/.test(f)));
  await evil.context.close();
}
if (file) { // the page as a file
  const { context, page } = await open({}, false);
  await page.goto('file://' + path.resolve(file));
  check('no title ran in the file', await page.evaluate(() => window.pwned === undefined));
  check('the file has its chart', await page.locator('#gantt-chart svg rect').count() > 5);
  await accessible(page, 'file');
  await picture(page, 'file');
  await context.close();
}
await browser.close();
for (const fault of faults) console.log('# ' + fault);
process.exit(faults.length > 0 ? 1 : 0);
