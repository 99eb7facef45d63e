// How many comments each article of a list has: one request for all of them.

import { Service } from "./service.js";

let waiting = []; // the elements that want to know

// Ask for an element's count, together with whoever asks at the same time.
export function askCount(element, base) {
  if (waiting.push(element) === 1) setTimeout(answerAll, 0, base);
}

function answerAll(base) {
  for (const elements of Object.values(Object.groupBy(waiting, ({ site }) => site))) {
    const [{ site, locale }] = elements;
    answer(new Service(base, site, locale), elements);
  }
  waiting = [];
}

async function answer(service, elements) {
  try {
    const { counts } = await service.counts(elements.map(({ thread }) => thread));
    for (const element of elements) element.show(counts[element.thread]);
  } catch {
    // A list of articles without counts is still a list.
  }
}
