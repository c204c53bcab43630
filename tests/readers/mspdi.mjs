// Check a Microsoft Project file against its schema's order, which Project
// itself insists on, and against the chart; and what GNOME Planner's own
// import (msp2planner.xsl) made of it.
//   node mspdi.mjs PLAN.xml CHART.json PLANNER.xml
import fs from 'node:fs';
import { JSDOM } from 'jsdom';

const [file, expected, planner] = process.argv.slice(2);
const wanted = JSON.parse(fs.readFileSync(expected, 'utf8'));
const read = (path) => new JSDOM(fs.readFileSync(path, 'utf8'),
  { contentType: 'application/xml' }).window.document;
const doc = read(file);
const faults = [];
const compare = (what, got, want) => {
  if (got !== want) faults.push(`${what}: ${JSON.stringify(got)}, wanted ${JSON.stringify(want)}`);
};

// The sequences of mspdi_pj12.xsd, as far as they are used or may be.
const ORDER = {
  Project: 'SaveVersion UID Name Title Subject Category Company Manager Author CreationDate Revision LastSaved ScheduleFromStart StartDate FinishDate FYStartDate CriticalSlackLimit CurrencyDigits CurrencySymbol CurrencySymbolPosition CalendarUID DefaultStartTime DefaultFinishTime MinutesPerDay MinutesPerWeek DaysPerMonth DefaultTaskType DefaultFixedCostAccrual DefaultStandardRate DefaultOvertimeRate DurationFormat WorkFormat EditableActualCosts HonorConstraints StatusDate CurrentDate OutlineCodes WBSMasks ExtendedAttributes Calendars Tasks Resources Assignments',
  Calendar: 'UID Name IsBaseCalendar BaseCalendarUID WeekDays Exceptions WorkWeeks',
  WeekDay: 'DayType DayWorking TimePeriod WorkingTimes',
  WorkingTime: 'FromTime ToTime',
  Task: 'UID ID Name Type IsNull CreateDate Contact WBS WBSLevel OutlineNumber OutlineLevel Priority Start Finish Duration DurationFormat Work Stop Resume ResumeValid EffortDriven Recurring OverAllocated Estimated Milestone Summary Critical IsSubproject IsSubprojectReadOnly SubprojectName ExternalTask ExternalTaskProject EarlyStart EarlyFinish LateStart LateFinish StartVariance FinishVariance WorkVariance FreeSlack TotalSlack FixedCost FixedCostAccrual PercentComplete PercentWorkComplete Cost OvertimeCost OvertimeWork ActualStart ActualFinish ActualDuration ActualCost ActualOvertimeCost ActualWork ActualOvertimeWork RegularWork RemainingDuration RemainingCost RemainingWork RemainingOvertimeCost RemainingOvertimeWork ACWP CV ConstraintType CalendarUID ConstraintDate Deadline LevelAssignments LevelingCanSplit LevelingDelay LevelingDelayFormat PreLeveledStart PreLeveledFinish Hyperlink HyperlinkAddress HyperlinkSubAddress IgnoreResourceCalendar Notes HideBar Rollup BCWS BCWP PhysicalPercentComplete EarnedValueMethod PredecessorLink ActualWorkProtected ActualOvertimeWorkProtected ExtendedAttribute Baseline',
  PredecessorLink: 'PredecessorUID Type CrossProject CrossProjectName LinkLag LagFormat',
  Baseline: 'TimephasedData Number Interim Start Finish Duration DurationFormat EstimatedDuration Work',
  Resource: 'UID ID Name Type IsNull Initials Phonetics NTAccount MaterialLabel Code Group WorkGroup EmailAddress Hyperlink HyperlinkAddress HyperlinkSubAddress MaxUnits PeakUnits OverAllocated AvailableFrom AvailableTo Start Finish CanLevel AccrueAt Work CalendarUID',
  Assignment: 'UID TaskUID ResourceUID PercentWorkComplete ACWP ActualCost ActualFinish ActualOvertimeCost ActualOvertimeWork ActualStart ActualWork ACWP Confirmed Cost CostRateTable CostVariance CV Delay Finish FinishVariance Hyperlink HyperlinkAddress HyperlinkSubAddress WorkVariance HasFixedRateUnits FixedMaterial LevelingDelay LevelingDelayFormat LinkedFields Milestone Notes Overallocated OvertimeCost OvertimeWork RegularWork RemainingCost RemainingOvertimeCost RemainingOvertimeWork RemainingWork ResponsePending Start Stop Resume StartVariance Units UpdateNeeded VAC Work',
};
for (const [name, order] of Object.entries(ORDER)) {
  const words = order.split(' ');
  for (const el of doc.getElementsByTagName(name)) {
    let last = -1;
    for (const child of el.children) {
      const at = words.indexOf(child.localName);
      if (at < last || at < 0) faults.push(`${name}: ${child.localName} stands in the wrong place`);
      last = at;
    }
  }
}
const text = (el, name) => [...el.children].find((c) => c.localName === name)?.textContent;
const calendars = [...doc.getElementsByTagName('Calendar')];
for (const c of calendars) if (!text(c, 'Name')) faults.push('a calendar without a name');
compare('base calendars', calendars.filter((c) => text(c, 'IsBaseCalendar') === '1').length, 1);
const uids = new Set(calendars.map((c) => text(c, 'UID')));
for (const r of doc.getElementsByTagName('Resource'))
  if (!uids.has(text(r, 'CalendarUID'))) faults.push('a resource without a calendar');

const all = [...doc.getElementsByTagName('Task')];
const tasks = all.filter((t) => text(t, 'Summary') === '0');
const of = new Map(all.map((t) => [text(t, 'UID'), text(t, 'Name')]));
compare('uids', of.size, all.length);
compare('tasks', tasks.length, wanted.tasks.length);
const line = (t) => `${t.id} ${t.title}`.replace(/\s+/g, ' ').trim();
const names = new Map(wanted.tasks.map((t) => [t.id, line(t)]));
wanted.tasks.forEach((want, i) => {
  const task = tasks[i];
  if (task === undefined) return;
  compare(`${want.id} name`, text(task, 'Name'), line(want));
  compare(`${want.id} start`, text(task, 'Start'), want.start.slice(0, 19));
  compare(`${want.id} finish`, text(task, 'Finish'), want.end.slice(0, 19));
  const links = [...task.getElementsByTagName('PredecessorUID')].map((u) => of.get(u.textContent));
  compare(`${want.id} links`, links.join('|'), want.needs.map((n) => names.get(n)).join('|'));
});

if (planner === undefined) finish();
function finish() {
  for (const fault of faults.slice(0, 12)) console.log(`# ${fault}`);
  process.exit(faults.length > 0 ? 1 : 0);
}

// Planner: its own names and starts, by its own reading.
const read2 = [...read(planner).getElementsByTagName('task')].filter((t) => !t.querySelector('task'));
compare('planner tasks', read2.length, wanted.tasks.length);
wanted.tasks.forEach((want, i) => {
  if (read2[i] === undefined) return;
  compare(`planner ${want.id} name`, read2[i].getAttribute('name'), line(want));
  compare(`planner ${want.id} start`, read2[i].getAttribute('start')?.slice(0, 13),
    want.start.slice(0, 16).replace(/[-:]/g, ''));
  compare(`planner ${want.id} needs`, read2[i].querySelectorAll('predecessor').length, want.needs.length);
});
finish();
