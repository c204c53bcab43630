'use strict';
(function () {
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($('data').textContent);
  const main = $('chart'), tip = $('tip'), say = $('say');
  const plot = $('plot'), axis = $('axis'), names = $('names');
  const NS = 'http://www.w3.org/2000/svg';
  const HOUR = 36e5, DAY = 24 * HOUR;
  const ZOOM_LEAST = 0.2, ZOOM_MOST = 400;
  let zoom = 1, chosen = -1, hits = [], hit = -1;

  // Everything that stands on the time axis: where, and how far beside.
  const numbers = (text) => text.split(' ').map(Number);
  const moving = [...plot.querySelectorAll('[data-a]')].map((el) => ({
    el, tag: el.tagName, at: numbers(el.dataset.a), off: numbers(el.dataset.o),
    ys: el.points ? [...el.points].map((p) => p.y) : null,
  }));
  const bars = data.bars.map((bar) => ({ ...bar, parts: [] }));
  for (const el of document.querySelectorAll('[data-bar]'))
    bars[+el.dataset.bar].parts.push(el);
  const arrows = [...plot.querySelectorAll('[data-from]')];

  function place() {
    for (const { el, tag, at, off, ys } of moving) {
      const x = at.map((a, i) => a * zoom + off[i]);
      if (tag === 'rect') {
        el.setAttribute('x', x[0]);
        el.setAttribute('width', Math.max(0, x[1] - x[0]));
      } else if (tag === 'text') {
        el.setAttribute('x', x[0]);
      } else {
        el.setAttribute('points', x.map((v, i) => v + ',' + ys[i]).join(' '));
      }
    }
    const width = data.plot * zoom;
    plot.setAttribute('width', width);
    axis.setAttribute('width', width);
    ticks();
  }

  // --- the axis, as fine as there is room for (UTC)
  const pad = (n) => String(n).padStart(2, '0');
  const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
  const DAYS = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ');
  const STEPS = [1 / 60, 1 / 12, 1 / 4, 1 / 2, 1, 2, 3, 6, 12, 24, 48, 168, 336]
    .map((h) => ({ ms: h * HOUR }))
    .concat([1, 3, 12, 60, 120, 600].map((months) => ({ months })));

  function floor(step, ms) {
    if (step.ms) {
      const origin = step.ms % (7 * DAY) === 0 ? 4 * DAY : 0; // a Monday
      return origin + Math.floor((ms - origin) / step.ms) * step.ms;
    }
    const d = new Date(ms);
    const m = d.getUTCFullYear() * 12 + d.getUTCMonth();
    return utc(Math.floor(m / step.months) * step.months);
  }
  function utc(months) {
    const d = new Date(0);
    d.setUTCFullYear(Math.floor(months / 12), months % 12, 1);
    return d.getTime();
  }
  function next(step, ms) {
    if (step.ms) return ms + step.ms;
    const d = new Date(ms);
    return utc(d.getUTCFullYear() * 12 + d.getUTCMonth() + step.months);
  }
  function label(step, ms) {
    const d = new Date(ms);
    if (step.ms < DAY) return pad(d.getUTCHours()) + ':' + pad(d.getUTCMinutes());
    if (step.ms) return DAYS[d.getUTCDay()] + ' ' + d.getUTCDate();
    return step.months < 12 ? MONTHS[d.getUTCMonth()] : '' + d.getUTCFullYear();
  }
  function heading(step, ms) {
    const d = new Date(ms), year = d.getUTCFullYear();
    const month = MONTHS[d.getUTCMonth()] + ' ' + year;
    if (step.ms) return DAYS[d.getUTCDay()] + ' ' + d.getUTCDate() + ' ' + month;
    return step.months < 12 ? month : '' + year;
  }
  function draw(parent, tag, attributes, text) {
    const el = document.createElementNS(NS, tag);
    for (const key in attributes) el.setAttribute(key, attributes[key]);
    if (text !== undefined) el.textContent = text;
    parent.appendChild(el);
  }
  function ticks() {
    const span = data.end - data.start, width = data.plot * zoom;
    const x = (ms) => (ms - data.start) / span * width;
    const step = STEPS.find((s) =>
      (s.ms || s.months * 30 * DAY) / span * width >= 58) || STEPS.at(-1);
    const above = step.ms < DAY ? { ms: DAY }
      : step.ms ? { months: 1 } : { months: 12 };
    const grid = $('grid'), height = +plot.getAttribute('height');
    grid.textContent = '';
    axis.textContent = '';
    for (let ms = next(step, floor(step, data.start)); ms < data.end; ms = next(step, ms)) {
      draw(grid, 'line', { x1: x(ms), x2: x(ms), y1: 0, y2: height,
        class: 's-grid' });
      draw(axis, 'text', { x: x(ms) + 4, y: 35, 'font-size': 11.5,
        class: 'f-faint' }, label(step, ms));
    }
    for (let ms = floor(above, data.start); ms < data.end; ms = next(above, ms)) {
      const from = Math.max(x(ms), 0), to = Math.min(x(next(above, ms)), width);
      if (to - from >= 110)
        draw(axis, 'text', { x: from + 4, y: 16, 'font-size': 11.5,
          'font-weight': 600, class: 'f-ink' }, heading(above, ms));
    }
  }

  function setZoom(wanted, at) {
    const before = zoom;
    const room = main.clientWidth - data.names;
    if (at === undefined) at = room / 2;
    zoom = Math.min(ZOOM_MOST, Math.max(ZOOM_LEAST, wanted));
    const where = (main.scrollLeft + at) / before;
    place();
    main.scrollLeft = where * zoom - at;
  }
  const fit = () => setZoom((main.clientWidth - data.names - 20) / data.plot, 0);
  function toNow() {
    const span = data.end - data.start;
    main.scrollLeft = (data.now - data.start) / span * data.plot * zoom -
      (main.clientWidth - data.names) / 3;
  }

  // --- one bar: what is known of it, and its arrows
  function light(index) {
    main.classList.toggle('lit', index >= 0);
    for (const el of arrows)
      el.classList.toggle('on', index >= 0 &&
        (+el.dataset.from === index || +el.dataset.to === index));
    for (const id of ['mark', 'mark2']) {
      $(id).toggleAttribute('hidden', index < 0);
      if (index >= 0) $(id).setAttribute('y', bars[index].row * data.row);
    }
  }
  function showTip(index, x, y) {
    tip.textContent = bars[index].tip;
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    tip.style.left = Math.max(4, Math.min(x + 14, innerWidth - box.width - 8)) + 'px';
    tip.style.top = (y + 18 + box.height > innerHeight
      ? Math.max(4, y - box.height - 12) : y + 18) + 'px';
  }
  function choose(index) {
    if (bars.length === 0) return;
    chosen = Math.max(0, Math.min(bars.length - 1, index));
    const bar = bars[chosen], top = bar.row * data.row;
    const view = main.clientHeight - data.axis;
    if (top < main.scrollTop) main.scrollTop = top;
    if (top + data.row > main.scrollTop + view)
      main.scrollTop = top + data.row - view;
    const left = bar.at * zoom, room = main.clientWidth - data.names;
    if (left < main.scrollLeft || left > main.scrollLeft + room - 60)
      main.scrollLeft = left - room / 3;
    light(chosen);
    const box = bar.parts[0].getBoundingClientRect();
    showTip(chosen, box.left + 40, box.bottom - 8);
    say.textContent = bar.tip;
  }
  function forget() {
    chosen = -1;
    light(-1);
    tip.hidden = true;
  }

  main.addEventListener('pointermove', (event) => {
    const part = event.target.closest('[data-bar]');
    if (part) {
      light(+part.dataset.bar);
      showTip(+part.dataset.bar, event.clientX, event.clientY);
    } else if (chosen < 0) {
      light(-1);
      tip.hidden = true;
    }
  });
  main.addEventListener('pointerleave', () => { if (chosen < 0) forget(); });
  main.addEventListener('click', (event) => {
    const part = event.target.closest('[data-bar]');
    if (part) choose(+part.dataset.bar); else forget();
  });
  main.addEventListener('wheel', (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const x = event.clientX - main.getBoundingClientRect().left - data.names;
    setZoom(zoom * Math.exp(-event.deltaY / 300), Math.max(0, x));
  }, { passive: false });

  // --- search
  const seek = $('seek');
  function search() {
    const wanted = seek.value.trim().toLowerCase();
    hits = [];
    hit = -1;
    main.classList.toggle('sought', wanted !== '');
    bars.forEach((bar, i) => {
      const is = wanted !== '' && bar.tip.toLowerCase().includes(wanted);
      if (is) hits.push(i);
      for (const el of bar.parts) el.classList.toggle('hit', is);
    });
    say.textContent = wanted === '' ? '' : hits.length + ' found';
    $('found').textContent = wanted === '' ? '' : hits.length + ' found';
  }
  seek.addEventListener('input', search);
  seek.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && hits.length > 0) {
      hit = (hit + (event.shiftKey ? hits.length - 1 : 1)) % hits.length;
      choose(hits[hit]);
    } else if (event.key === 'Escape') {
      seek.value = '';
      search();
      main.focus();
    }
    event.stopPropagation();
  });

  // --- keyboard
  function theme() {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === 'dark'
      : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
  }
  const keys = {
    '+': () => setZoom(zoom * 1.3), '=': () => setZoom(zoom * 1.3),
    '-': () => setZoom(zoom / 1.3), 0: fit, n: toNow, t: theme,
    '/': () => seek.focus(), Escape: forget,
    ArrowDown: () => choose(chosen + 1),
    ArrowUp: () => choose(chosen < 0 ? 0 : chosen - 1),
    PageDown: () => choose(chosen + 20), PageUp: () => choose(chosen - 20),
    Home: () => choose(0), End: () => choose(bars.length - 1),
    ArrowLeft: () => { main.scrollLeft -= 120; },
    ArrowRight: () => { main.scrollLeft += 120; },
  };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key] ||
        event.target.tagName === 'INPUT') return;
    event.preventDefault();
    keys[event.key]();
  });
  for (const [id, key] of [['in', '+'], ['out', '-'], ['fit', '0'], ['now', 'n'], ['theme', 't']])
    $(id).addEventListener('click', keys[key]);
  if (main.clientWidth - data.names - 20 > data.plot) fit(); else place();
}());
