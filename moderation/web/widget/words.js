// What the widget says, in the reader's language.

import { WORDS } from "./built.js";

const FURTHER = ["de", "es", "it", "nl", "pt"]; // fetched when a page speaks them

// Sentences by "table.name"; plurals by "table.name.one".
export class Words {
  constructor(locale, table) {
    this.language = locale;
    // The reader's own variant of the language: in Britain dates are not written as in America.
    locale = navigator.languages.find((one) => one.startsWith(locale.slice(0, 2))) || locale;
    this.locale = locale;
    const plurals = new Intl.PluralRules(locale);
    // Return a sentence with its figures filled in; `count` chooses the plural.
    this.say = (key, figures = {}) => {
      const said =
        table[key] ?? table[`${key}.${plurals.select(figures.count)}`] ?? table[`${key}.other`];
      return said.replace(/\{(\w+)\}/g, (_, name) => figures[name].toLocaleString(locale));
    };
  }
}

// Return the words of a locale: its own if we speak it, else English.
export async function wordsOf(locale, base) {
  const language = locale.slice(0, 2);
  const table = FURTHER.includes(language)
    ? await fetch(new URL(`embed/${language}.json`, base))
        .then((reply) => reply.ok && reply.json())
        .catch(() => null)
    : language === "fr" && builtIn(language);
  return table ? new Words(locale, table) : new Words("en", builtIn("en"));
}

function builtIn(language) {
  const said = WORDS[language].split("|");
  let table; // a key without one belongs to the last
  const whole = (key) => key.replace(/^(\w+\.)?/, (begun) => (table = begun || table));
  return Object.fromEntries(WORDS.keys.split("|").map((key, i) => [whole(key), said[i]]));
}

// Return a locale that Intl knows: what is asked for, or French.
export function localeOf(wanted) {
  try {
    return String(new Intl.Locale(wanted));
  } catch {
    return "fr";
  }
}
