/** General knowledge: Hangul by the Revised Romanisation, kana by Hepburn, as passports and e-mail addresses do it. */
const HANGUL = /[\uac00-\ud7a3]/;
const HANGUL_FIRST = 0xac00;
const LEADS = "g kk n d tt r m b pp s ss _ j jj ch k t p h".split(" ");
const VOWELS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split(" ");
const TAILS = "_ k k k n n n t l k m l l l p l m p p t t ng t t k t p t".split(" ");

/** What bearers of these surnames write, whatever the rules say. */
const SURNAMES = new Map(
  (
    "김 kim 이 lee 박 park 최 choi 정 jung 강 kang 조 cho 윤 yoon 임 lim 오 oh 신 shin 권 kwon 유 yoo 류 ryu 안 ahn " +
    "문 moon 고 ko 구 koo 우 woo 노 noh 주 joo 백 baek 허 heo 심 shim 곽 kwak"
  )
    .split(" ")
    .flatMap((word, at, all) => (at % 2 === 0 ? [[word, all[at + 1]!] as const] : [])),
);

const KANA = /[\u3041-\u309f\u30a0-\u30ff]/;
const KATAKANA_AHEAD = 0x60;
const ROWS =
  "あ a い i う u え e お o か ka き ki く ku け ke こ ko が ga ぎ gi ぐ gu げ ge ご go さ sa し shi す su せ se そ so " +
  "ざ za じ ji ず zu ぜ ze ぞ zo た ta ち chi つ tsu て te と to だ da ぢ ji づ zu で de ど do な na に ni ぬ nu ね ne " +
  "の no は ha ひ hi ふ fu へ he ほ ho ば ba び bi ぶ bu べ be ぼ bo ぱ pa ぴ pi ぷ pu ぺ pe ぽ po ま ma み mi む mu " +
  "め me も mo や ya ゆ yu よ yo ら ra り ri る ru れ re ろ ro わ wa を o ん n ゔ vu ぁ a ぃ i ぅ u ぇ e ぉ o";
const SYLLABLES = new Map(
  ROWS.split(" ").flatMap((word, at, all) => (at % 2 === 0 ? [[word, all[at + 1]!] as const] : [])),
);
const SMALL_Y = new Map([
  ["ゃ", "a"],
  ["ゅ", "u"],
  ["ょ", "o"],
]);

function spellHangul(sign: string): string {
  const at = sign.codePointAt(0)! - HANGUL_FIRST;
  const parts = [
    LEADS[Math.floor(at / (VOWELS.length * TAILS.length))]!,
    VOWELS[Math.floor(at / TAILS.length) % VOWELS.length]!,
    TAILS[at % TAILS.length]!,
  ];
  return parts.filter((part) => part !== "_").join("");
}

/** きょ is kyo, しょ sho, っか kka; long vowels are written short, as on passports. */
function spellKana(word: string): string {
  let spelled = "";
  let isDoubled = false;
  for (const sign of word) {
    const plain = /[\u30a1-\u30f6]/.test(sign)
      ? String.fromCodePoint(sign.codePointAt(0)! - KATAKANA_AHEAD)
      : sign;
    const vowel = SMALL_Y.get(plain);
    if (vowel !== undefined) {
      const base = spelled.replace(/i$/, "");
      spelled = base + (/(sh|ch|j)$/.test(base) ? vowel : `y${vowel}`);
      continue;
    }
    const syllable = plain === "ー" || plain === "っ" ? "" : (SYLLABLES.get(plain) ?? plain);
    spelled += isDoubled ? (syllable[0] ?? "") + syllable : syllable;
    isDoubled = plain === "っ";
  }
  return spelled.replace(/ou|oo/g, "o").replace(/uu/g, "u");
}

/** A folded word with its Hangul and kana in Latin letters; ideographs stay, for their reading is not known. */
export function spellSyllables(word: string): string {
  if (HANGUL.test(word)) return word.replace(/[\uac00-\ud7a3]/g, spellHangul);
  return KANA.test(word) && !/\p{Script=Han}/u.test(word) ? spellKana(word) : word;
}

/** The same for a surname. */
export function spellSurname(word: string): string {
  return SURNAMES.get(word) ?? spellSyllables(word);
}
