// Cron patterns of six fields (second, minute, hour, day of month, month, day of week; UTC) in words, where that is short.

const DAYS: Readonly<Record<string, string>> = {
  SUN: 'Sunday',
  MON: 'Monday',
  TUE: 'Tuesday',
  WED: 'Wednesday',
  THU: 'Thursday',
  FRI: 'Friday',
  SAT: 'Saturday',
  0: 'Sunday',
  1: 'Monday',
  2: 'Tuesday',
  3: 'Wednesday',
  4: 'Thursday',
  5: 'Friday',
  6: 'Saturday',
  7: 'Sunday',
};

const two = (text: string) => text.padStart(2, '0');
const isNumber = (text: string) => /^\d{1,2}$/.test(text);

/** A pattern in words, `null` where it takes the pattern itself to say it. */
export function describe(pattern: string): string | null {
  if (pattern.trim() === '') return 'never';
  const fields = pattern.trim().toUpperCase().split(/\s+/);
  if (fields.length !== 6) return null;
  const [second, minute, hour, day, month, weekday] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if (!isNumber(second) || !isNumber(minute) || month !== '*') return null;
  const seconds = Number(second) === 0 ? '' : `:${two(second)}`;
  const every = /^\*\/(\d{1,2})$/.exec(hour);
  if (hour === '*' && day === '*' && weekday === '*') return `every hour at :${two(minute)}${seconds}`;
  if (every !== null && day === '*' && weekday === '*')
    return `every ${every[1] ?? ''} hours at :${two(minute)}${seconds}`;
  if (!isNumber(hour)) return null;
  const time = `${two(hour)}:${two(minute)}${seconds} UTC`;
  if (day === '*' && weekday === '*') return `every day at ${time}`;
  const name = DAYS[weekday];
  if (day === '*' && name !== undefined) return `every ${name} at ${time}`;
  if (isNumber(day) && weekday === '*') return `day ${Number(day)} of every month at ${time}`;
  return null;
}
