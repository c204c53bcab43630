// Read a calendar with ical.js: an event a task, with its start, end and name.
//   node ics.mjs PLAN.ics CHART.json
import fs from 'node:fs';
import ICAL from 'ical.js';

const [file, expected] = process.argv.slice(2);
const wanted = JSON.parse(fs.readFileSync(expected, 'utf8')).tasks;
const root = new ICAL.Component(ICAL.parse(fs.readFileSync(file, 'utf8')));
const events = root.getAllSubcomponents('vevent').map((e) => new ICAL.Event(e));
const faults = [];
const compare = (what, got, want) => {
  if (got !== want) faults.push(`${what}: ${JSON.stringify(got)}, wanted ${JSON.stringify(want)}`);
};
const seconds = (instant) => Math.floor(Date.parse(instant) / 1000);
compare('events', events.length, wanted.length);
compare('uids', new Set(events.map((e) => e.uid)).size, wanted.length);
wanted.forEach((task, i) => {
  const event = events[i];
  if (event === undefined) return;
  compare(`${task.id} name`, event.summary,
    `${task.id} ${task.title}`.replace(/\s+/g, ' ').trim());
  compare(`${task.id} start`, event.startDate.toUnixTime(), seconds(task.start));
  compare(`${task.id} end`, event.endDate.toUnixTime(), seconds(task.end));
});
for (const fault of faults.slice(0, 10)) console.log(`# ${fault}`);
process.exit(faults.length > 0 ? 1 : 0);
