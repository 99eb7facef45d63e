// A proof of work that the server takes for an answer (ALTCHA, version 2). Sent by itself: most
// readers never want it.

import { solveProof } from "./solver.js";

// Solve a challenge; reject when `signal` aborts. `onProgress` is told a share from 0 to 1.
export async function prove({ parameters, signature }, onProgress, signal) {
  signal.throwIfAborted();
  const report = (tries) => signal.aborted || onProgress(shareDone(parameters, tries));
  const solution = await solveInWorker(parameters, report, signal).catch(() => {
    // A policy of the page (worker-src, Trusted Types) forbids the worker: work here. Every key
    // is derived in a thread of the browser's own, so the page stays awake.
    signal.throwIfAborted();
    return solveProof(parameters, report, signal);
  });
  signal.throwIfAborted();
  return btoa(JSON.stringify({ challenge: { parameters, signature }, solution }));
}

// Return the share of all tries, or where nobody knows how many there are, how likely it was to be
// done by now: each try has the same chance.
function shareDone({ keyPrefix, data }, tries) {
  const last = data?.maxCounter;
  return last ? Math.min(tries / (last + 1), 1) : 1 - (1 - 16 ** -keyPrefix.length) ** tries;
}

function solveInWorker(parameters, report, signal) {
  return new Promise((resolve, reject) => {
    const fail = "(trouble)=>setTimeout(()=>{throw trouble})";
    const solve = `(${solveProof})(data,(tries)=>postMessage(tries)).then(postMessage,${fail})`;
    const task = `onmessage=({data})=>{${solve}}`;
    const address = URL.createObjectURL(new Blob([task], { type: "text/javascript" }));
    const policy = globalThis.trustedTypes?.createPolicy("moderation", { createScriptURL: String });
    const worker = new Worker(policy ? policy.createScriptURL(address) : address);
    const end = (settle) => (outcome) => {
      worker.terminate();
      URL.revokeObjectURL(address);
      settle(outcome);
    };
    worker.onerror = end(reject);
    worker.onmessage = ({ data }) => (data.derivedKey ? end(resolve)(data) : report(data));
    signal.addEventListener("abort", end(reject));
    worker.postMessage(parameters);
  });
}
