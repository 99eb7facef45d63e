// The proof of work itself. The worker gets this function as text: it stands on its own.

export async function solveProof(parameters, report, signal) {
  const { algorithm, cost, keyLength = 32, keyPrefix, nonce, salt } = parameters;
  const { subtle } = crypto;
  const read = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
  const write = (key) =>
    Array.from(new Uint8Array(key), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const [start, seasoning, wanted] = [read(nonce), read(salt), keyPrefix.toLowerCase()];
  const [, isStretched, hash] = /^(PBKDF2\/)?(SHA-(?:256|384|512))$/.exec(algorithm);

  async function derive(counter) {
    const end = [counter >>> 24, counter >>> 16, counter >>> 8, counter];
    const password = Uint8Array.from([...start, ...end]);
    if (isStretched) {
      const key = await subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
      const way = { name: "PBKDF2", hash, salt: seasoning, iterations: cost };
      return write(await subtle.deriveBits(way, key, 8 * keyLength));
    }
    let key = Uint8Array.from([...seasoning, ...password]);
    for (let left = Math.max(1, cost); left; left--) key = await subtle.digest(hash, key);
    return write(key).slice(0, 2 * keyLength);
  }

  // Several at once: the browser gives each a thread of its own.
  const width = Math.min(navigator.hardwareConcurrency || 2, 8);
  const begun = performance.now();
  let told = begun;
  for (let counter = 0; !signal?.aborted; counter += width) {
    const keys = await Promise.all(Array.from({ length: width }, (_, n) => derive(counter + n)));
    const found = keys.findIndex((key) => key.startsWith(wanted));
    const now = performance.now();
    if (found >= 0) {
      return { counter: counter + found, derivedKey: keys[found], time: Math.round(now - begun) };
    }
    if (now - told > 100) {
      told = now;
      report(counter + width);
    }
  }
}
