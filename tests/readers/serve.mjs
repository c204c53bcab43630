// taskctl serve in a real browser: live, light and dark, by keyboard, on a
// phone, without a script; axe-core finds nothing; hostile titles stay text.
//   node serve.mjs OUT URL TOKEN [FILE.html]    (in a coordinator's folder)
import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const [out, base, token, file] = process.argv.slice(2);
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const faults = [];
const check = (what, fine, more = '') => { if (!fine) faults.push(what + (more ? ': ' + more : '')); };
const taskctl = (...words) => execFileSync('taskctl', words, { encoding: 'utf8' });
const large = Number(taskctl('status', '--format', '{totals.tasks}')) > 1000;

async function open(options = {}, enter = true) {
  const context = await browser.newContext({ viewport: { width: 1300, height: 900 }, ...options });
  const page = await context.newPage();
  page.on('pageerror', (e) => faults.push('error: ' + e.message));
  page.on('console', (m) => {
    // The door answers 401 with its page: that is how one comes in; a
    // refusal of what was asked for is a page too.
    if (m.type() === 'error' && !/status of 4(01|09)/.test(m.text())) faults.push('console: ' + m.text());
  });
  page.on('request', (r) => {
    if (!r.url().startsWith(base) && !/^(data|about|file):/.test(r.url())) faults.push('asked for ' + r.url());
  });
  if (enter) {
    await page.goto(base + '/#t=' + token);
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
  taskctl('claim', first, '--agent', 'far<away>');
  const began = Date.now();
  await page.waitForFunction((was) => document.querySelector('#summary').textContent !== was, before,
    { timeout: 10000, polling: 20 }).catch(() => {});
  const took = Date.now() - began;
  console.log(`# a claim elsewhere was seen after ${took} ms`);
  check('live within a second', took < (large ? 3000 : 1000), took + ' ms');
  check('who has it is text', (await page.textContent('#work')).includes('far<away>'));
  check('no title ran', await page.evaluate(() => window.pwned === undefined));

  // Another tab of the same browser is live too, with no stream of its own.
  const second = await context.newPage();
  await second.goto(base + '/tasks');
  await second.waitForSelector('#live.on');
  taskctl('release', first, '--agent', 'far<away>');
  await second.waitForFunction((id) => [...document.querySelectorAll('#rows tr')].some((r) =>
    r.cells[0].textContent === id && r.dataset.state === 'ready'), first,
    { timeout: 10000 }).catch(() => check('a second tab is live', false));
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
  await page.keyboard.press('Escape');
  await page.goto(base + '/');
  await page.keyboard.press('c');
  await page.waitForURL(base + '/gantt');
  const chart = page.frameLocator('#gantt');
  await chart.locator('#chart').focus();
  const width = () => chart.locator('#plot').getAttribute('width').then(Number);
  const narrow = await width();
  await page.keyboard.press('+');
  check('the Gantt chart zooms', await width() > narrow);
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
if (large) { // scrolling
  const { context, page } = await open();
  const began = Date.now();
  await page.goto(base + '/tasks');
  const loaded = Date.now() - began;
  await page.waitForTimeout(1500);
  const frames = await page.evaluate(() => new Promise((done) => {
    const gaps = [];
    let last = performance.now(), n = 0;
    const step = (now) => {
      gaps.push(now - last);
      last = now;
      scrollBy(0, 400);
      if (++n < 120) requestAnimationFrame(step); else done(gaps.sort((a, b) => a - b));
    };
    requestAnimationFrame(step);
  }));
  console.log(`# all tasks: loaded in ${loaded} ms; a frame while scrolling: median ` +
    `${frames[60].toFixed(1)} ms, 95 % ${frames[114].toFixed(1)} ms`);
  check('scrolls smoothly', frames[114] < 100, frames[114] + ' ms a frame');
  await context.close();
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
