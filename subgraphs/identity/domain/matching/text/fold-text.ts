const CYRILLIC =
  "а a б b в v г g ґ g д d е e ё e є ye ж zh з z и i і i ї yi й y к k л l м m н n о o п p р r с s т t " +
  "у u ў u ф f х kh ц ts ч ch ш sh щ shch ъ _ ы y ь _ э e ю yu я ya ђ dj ј j љ lj њ nj ћ c џ dz";
const GREEK =
  "α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o";
const LATIN = "ß ss æ ae œ oe ø o đ d ð d þ th ł l ı i ŋ n";

function readPairs(table: string): [string, string][] {
  const words = table.split(" ");
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < words.length; at += 2) {
    pairs.push([words[at]!, words[at + 1] === "_" ? "" : words[at + 1]!]);
  }
  return pairs;
}

const LETTERS = new Map([CYRILLIC, GREEK, LATIN].flatMap(readPairs));
/** Where the ten digits of other scripts begin: Arabic, Persian, Devanagari, Bengali, Tamil, Thai, … full width. */
const ZEROS = [
  0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0,
  0xf20, 0x1040, 0x17e0, 0x1810, 0xff10,
];
const DIGITS = new Map(
  ZEROS.flatMap((zero) =>
    Array.from(
      { length: 10 },
      (_, digit) => [String.fromCharCode(zero + digit), String(digit)] as const,
    ),
  ),
);
const ASCII = /^[\x20-\x7e]*$/;

const MARKED_SCRIPT = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u;
const MARK = /\p{M}/u;

/** Marks fall away on alphabets where they are accents; in other scripts they carry vowels and stay. */
function spellInLatin(text: string): string {
  let spelled = "";
  let isAccentable = false;
  for (const letter of text.normalize("NFKD")) {
    if (MARK.test(letter)) {
      if (!isAccentable) spelled += letter;
      continue;
    }
    isAccentable = MARKED_SCRIPT.test(letter);
    spelled += LETTERS.get(letter) ?? DIGITS.get(letter) ?? letter;
  }
  return spelled.normalize("NFC");
}

/** The text with all digits as 0 to 9. */
export function westernDigits(text: string): string {
  if (ASCII.test(text)) return text;
  return text.replace(/\p{Nd}/gu, (digit) => DIGITS.get(digit) ?? digit);
}

/**
 * Lower case, without accents, Cyrillic and Greek letters spelled in Latin ones, all digits as 0 to 9; other
 * scripts stay.
 */
export function foldText(text: string): string {
  const lower = text.toLowerCase();
  return ASCII.test(lower) ? lower : spellInLatin(lower);
}

/** Words of a text: folded, apostrophes closed (o'hare -> ohare), everything else but letters and digits splits. */
export function wordsOf(text: string): string[] {
  const words = foldText(text)
    .replace(/['’`´]/g, "")
    .match(/[\p{L}\p{M}\p{N}]+/gu);
  return words ?? [];
}
