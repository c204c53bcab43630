'use strict';
(function () {
  const $ = (id) => document.getElementById(id);
  const live = $('live'), root = document.documentElement;
  const served = location.protocol !== 'file:' && !!document.querySelector('nav');

  // --- the token: out of the link, into a cookie that no script can read
  function enter(token) {
    fetch('/login', { method: 'POST', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token }) }).then((r) => {
      history.replaceState(null, '', location.pathname + location.search);
      if (r.ok) location.reload();
      else if ($('login')) $('token').focus();
    });
  }
  const given = /^#t=([0-9a-f]{64})$/.exec(location.hash);
  if (given && $('login')) enter(given[1]);
  else if (given) history.replaceState(null, '', location.pathname + location.search);

  // --- light and dark
  const button = $('theme');
  let theme = null;
  try { theme = localStorage.getItem('theme'); } catch (e) { /* then not */ }
  function paint() {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    const graph = $('graph');
    if (graph && theme) {
      for (const s of graph.querySelectorAll('source')) s.remove();
      graph.querySelector('img').src = '/graph.svg?theme=' + theme;
    }
    const chart = $('gantt');
    if (chart && chart.contentDocument && theme)
      chart.contentDocument.documentElement.dataset.theme = theme;
  }
  function turn() {
    const dark = theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    theme = dark ? 'light' : 'dark';
    try { localStorage.setItem('theme', theme); } catch (e) { /* then not */ }
    paint();
  }
  button.hidden = false;
  button.title = 'key t';
  button.addEventListener('click', turn);
  if ($('gantt')) $('gantt').addEventListener('load', paint);
  paint();

  // --- times in the reader's zone
  const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });
  const hour = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
  function times(within) {
    for (const el of within.querySelectorAll('time')) {
      const at = new Date(el.dateTime);
      if (isNaN(at)) continue;
      const today = at.toDateString() === new Date().toDateString();
      el.textContent = today ? hour.format(at) : day.format(at) + ' ' + hour.format(at);
      el.title = at.toLocaleString();
    }
  }
  times(document);

  // --- filter
  const seek = $('seek');
  function filter() {
    const rows = $('rows'), words = seek ? seek.value.toLowerCase().split(/\s+/).filter(Boolean) : [];
    if (!rows) return;
    let shown = 0;
    for (const group of rows.children) {
      let some = false;
      for (const row of group.querySelectorAll('tbody tr')) {
        const text = words.length ? row.textContent.toLowerCase() : '';
        row.hidden = !words.every((w) => text.includes(w));
        if (!row.hidden) { some = true; shown++; }
      }
      group.hidden = !some;
    }
    if (words.length && $('summary')) $('summary').textContent = shown + ' tasks';
  }
  if (seek) {
    seek.value = new URLSearchParams(location.search).get('q') || '';
    seek.addEventListener('input', filter);
  }

  // --- keys
  const pages = { o: '/', l: '/tasks', c: '/gantt', d: '/graph', e: '/log' };
  document.addEventListener('keydown', (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.target.matches('input, select, textarea')) {
      if (e.key === 'Escape') e.target.blur();
      return;
    }
    if (e.key === 't') turn();
    else if (e.key === '/' && seek) { e.preventDefault(); seek.focus(); }
    else if (served && pages[e.key]) location.href = pages[e.key];
  });
  if (!served) return;
  const keys = { '/': 'o', '/tasks': 'l', '/gantt': 'c', '/graph': 'd', '/log': 'e' };
  for (const a of document.querySelectorAll('nav a'))
    a.title = 'key ' + keys[a.getAttribute('href')];

  // --- live: the server draws, this puts what is new in the old one's place
  const CALM_MS = 250, POLL_MS = 5000, AGE_MS = 15000, CHART_MS = 10000;
  let etag = '', busy = false, again = false, timer = 0, drawn = Date.now();

  function say(text, kind) {
    if (live.textContent !== text) live.textContent = text;
    live.className = 'live ' + kind;
  }
  const parts = (page) => [...page.querySelectorAll('[data-live]')].map((el) => el.id).join();
  function swap(next) {
    if (parts(next) !== parts(document)) { location.reload(); return; }
    for (const fresh of next.querySelectorAll('[data-live]')) {
      const old = $(fresh.id);
      times(fresh);
      for (const row of old.querySelectorAll('tr[hidden]')) row.hidden = false;
      if (old.innerHTML === fresh.innerHTML) continue;
      const focus = old.contains(document.activeElement) &&
        document.activeElement.getAttribute('href');
      const inner = old.querySelector('.scroll'), left = inner ? inner.scrollLeft : 0;
      const words = old.querySelector('#summary'), now = fresh.querySelector('#summary');
      // The line that is read aloud stays the same element.
      if (words && now) {
        if (words.innerHTML !== now.innerHTML) words.innerHTML = now.innerHTML;
        now.replaceWith(words);
      }
      old.replaceChildren(...fresh.childNodes);
      old.classList.remove('changed');
      void old.offsetWidth;
      old.classList.add('changed');
      if (left) old.querySelector('.scroll').scrollLeft = left;
      if (focus) {
        const link = [...old.querySelectorAll('a')].find((a) => a.getAttribute('href') === focus);
        if (link) link.focus({ preventScroll: true });
      }
    }
    filter();
  }
  async function refresh() {
    timer = 0;
    if (busy) { again = true; return; }
    busy = true;
    const began = performance.now();
    try {
      const r = await fetch(location.pathname + location.search,
        { cache: 'no-store', headers: etag ? { 'If-None-Match': etag } : {} });
      if (r.status === 401) { location.reload(); return; }
      // Beside a crowd the answer may be late, and says so.
      again = again || r.headers.has('Server-Timing');
      if (r.status === 200) {
        const news = etag !== '';
        etag = r.headers.get('ETag') || '';
        swap(new DOMParser().parseFromString(await r.text(), 'text/html'));
        if (news) charts();
      }
    } catch (e) { /* the stream says that it is gone */ }
    busy = false;
    // A large page is not drawn all the time.
    const rest = Math.max(CALM_MS, 3 * (performance.now() - began));
    if (again) { again = false; timer = setTimeout(refresh, rest); }
  }
  function changed() { if (!timer) timer = setTimeout(refresh, CALM_MS / 2); else again = again || busy; }

  function charts() {
    const graph = $('graph'), chart = $('gantt');
    if (!graph && !chart) return;
    if (chart && (document.activeElement === chart || Date.now() - drawn < CHART_MS)) {
      $('redraw').hidden = false;
      return;
    }
    draw();
  }
  function draw() {
    drawn = Date.now();
    const graph = $('graph'), chart = $('gantt');
    if (chart) { chart.contentWindow.location.reload(); $('redraw').hidden = true; }
    if (graph) for (const el of graph.querySelectorAll('[srcset]')) el.srcset = el.srcset;
    if (graph) { const img = graph.querySelector('img'); img.src = img.src; }
  }
  if ($('redraw')) $('redraw').addEventListener('click', draw);
  if ($('gantt')) $('gantt').addEventListener('load', () => {
    const [came] = $('gantt').contentWindow.performance.getEntriesByType('navigation');
    if (came && came.serverTiming && came.serverTiming.length > 0) setTimeout(charts, CHART_MS);
  });

  // A browser opens six connections to a host: one tab listens for all.
  const tabs = 'BroadcastChannel' in window ? new BroadcastChannel('taskctl') : null;
  let poll = 0;
  function heard(kind) {
    if (kind === 'change') changed();
    else if (kind === 'on') { clearInterval(poll); poll = 0; say('live', 'on'); changed(); }
    else if (kind === 'off') {
      say('out of reach', 'off');
      if (!poll) poll = setInterval(refresh, POLL_MS);
    }
  }
  function tell(kind) { heard(kind); if (tabs) tabs.postMessage(kind); }
  if (tabs) tabs.onmessage = (e) => heard(e.data);
  function listen() {
    const source = new EventSource('/api/v1/events');
    source.addEventListener('hello', () => tell('on'));
    source.addEventListener('change', () => tell('change'));
    source.onerror = () => {
      tell('off');
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, POLL_MS);
    };
  }
  say('connecting', '');
  if (!('EventSource' in window)) { say('every 5 s', ''); setInterval(refresh, POLL_MS); }
  else if (navigator.locks) {
    say('live', 'on');
    navigator.locks.request('taskctl-events', () => { listen(); return new Promise(() => {}); });
  } else listen();
  // The page itself may have been late.
  changed();
  // Leases lapse without an event.
  setInterval(refresh, AGE_MS);
})();
