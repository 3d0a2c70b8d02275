const DAY_S = 86_400;

/**
 * An instant as RFC 3339 in UTC with milliseconds, e.g. `2026-02-03T04:05:06.007Z`. Own arithmetic,
 * because only the clock port may know of dates.
 * @param epochMs milliseconds since the Unix epoch, in the years 0 to 9999
 */
export function formatRfc3339(epochMs: number): string {
  const second = Math.floor(epochMs / 1_000);
  if (second !== last.second) last = { second, text: formatSecond(second) };
  const milliseconds = Math.floor(epochMs) - second * 1_000;
  return `${last.text}.${String(milliseconds).padStart(3, "0")}Z`;
}

/** A log has many lines in one second: its text is not made anew for each. */
let last = { second: Number.NaN, text: "" };

function formatSecond(epochS: number): string {
  const days = Math.floor(epochS / DAY_S);
  const inDayS = epochS - days * DAY_S;
  const { year, month, day } = civilFromDays(days);
  const date = `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
  return `${date}T${two(Math.floor(inDayS / 3_600))}:${two(Math.floor(inDayS / 60) % 60)}:${two(inDayS % 60)}`;
}

/**
 * The Gregorian date `days` after 1970-01-01. Years start in March here, so that the leap day comes last
 * and months follow a straight line (Howard Hinnant's "chrono-compatible low-level date algorithms").
 */
function civilFromDays(days: number): { year: number; month: number; day: number } {
  const sinceYear0 = days + 719_468;
  const era = Math.floor(sinceYear0 / 146_097);
  const dayOfEra = sinceYear0 - era * 146_097;
  const leapDays =
    Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return { year, month, day };
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
