// Moments as people tell them: "il y a 3 minutes".

const STEPS = Object.entries({ week: 604800, day: 86400, hour: 3600, minute: 60 });
const FAR = 2592000; // seconds; a month later, "23 novembre" says more than "il y a 5 semaines"

// Return how long a wait is: "30 secondes", "5 minutes".
export function span(seconds, { locale }) {
  const isLong = seconds > 90;
  const style = { style: "unit", unit: isLong ? "minute" : "second", unitDisplay: "long" };
  return Math.ceil(isLong ? seconds / 60 : seconds).toLocaleString(locale, style);
}

// Return how long ago a moment was.
export function ago(moment, { say, locale }) {
  const then = new Date(moment);
  const seconds = (Date.now() - then) / 1000;
  if (seconds > FAR) return then.toLocaleDateString(locale, { dateStyle: "long" });
  const [unit, size] = STEPS.find(([, size]) => seconds >= size) || [];
  if (!unit) return say("comment.now");
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(
    -Math.floor(seconds / size),
    unit,
  );
}
