/** Soft hyphens, zero-width spaces, marks of direction, byte order marks: nobody sees or means them. */
const invisible = /[\u00AD\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/g;
/** They join or part letters of some scripts: within an id they count, around it they do not. */
const joinersAround = /^(?:\u200C|\u200D|\s)+|(?:\u200C|\u200D|\s)+$/g;
const joiners = /\u200C|\u200D/g;

/**
 * What was meant by what somebody typed or pasted as an identifier: NFC, without what is not seen,
 * without space and quotes around it. Case, dots and the like stay.
 */
export function identifierText(raw: string): string {
  return unquoted(withoutAround(raw.normalize("NFC").replace(invisible, "")));
}

/** The same where letters are plain: full-width ones, ligatures and the like are the plain ones. */
export function plainText(text: string): string {
  return text.normalize("NFKC").replace(joiners, "").trim();
}

function withoutAround(text: string): string {
  return text.replace(joinersAround, "");
}

function unquoted(text: string): string {
  const quoted = /^(["'`])(.*)\1$/s.exec(text);
  return quoted ? withoutAround(quoted[2]!) : text;
}
