const RULES: readonly [RegExp, string][] = [
  [/ph/g, "f"],
  [/gh(?=[^aeiouy]|$)/g, ""],
  [/sch|tsch|tch/g, "x"],
  [/(sh|ch|cz|sz|zh)/g, "x"],
  [/th/g, "t"],
  [/^(kn|gn|pn)/, "n"],
  [/^wr/, "r"],
  [/mc(?=[^aeiouy])|mac(?=[^aeiouy])/g, "mk"],
  [/ck|q|c(?=[aou]|[^aeiouyh]|$)/g, "k"],
  [/c/g, "s"],
  [/dg|dj|j|g(?=[eiy])/g, "x"],
  [/z/g, "s"],
  [/w|v/g, "f"],
  [/b/g, "p"],
  [/d/g, "t"],
  [/g/g, "k"],
  [/n(?=[mpf])/g, "m"],
];
const CODE_LENGTH_MAX = 5;

/**
 * A phonetic code that favours no language: consonants in wide classes, vowels kept only as "a" in front.
 * Words in other scripts keep their own letters.
 */
export function phoneticCode(word: string): string {
  let code = word.replace(/[^\p{L}\p{M}]/gu, "");
  if (!/[a-z]/.test(code)) return code.slice(0, CODE_LENGTH_MAX);
  for (const [pattern, sound] of RULES) code = code.replace(pattern, sound);
  const head = /^[aeiouyh]/.test(code) ? "a" : "";
  return (head + code.replace(/[aeiouyh]/g, "")).replace(/(.)\1+/g, "$1").slice(0, CODE_LENGTH_MAX);
}
