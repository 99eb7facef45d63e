// A signed-in reader, as the page's identity token names them; the service checks the token.

// Return {token, name, trusted}, or null when the token cannot be read or is over.
export function readMember(token) {
  try {
    const bytes = Uint8Array.from(
      atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")),
      (c) => c.charCodeAt(0),
    );
    const { name, trusted, exp } = JSON.parse(new TextDecoder().decode(bytes));
    return name && !(exp * 1000 < Date.now()) ? { token, name, trusted } : null;
  } catch {
    return null;
  }
}
