/* The token of a form: a page that stood open for long has one that is no longer taken. */

const TOKEN = /name="csrf_token"[^>]*value="([^"]+)"/;

export async function renewToken(form) {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  const token = TOKEN.exec(await answer.text());
  if (token) form.elements.csrf_token.value = token[1];
  return Boolean(token);
}
