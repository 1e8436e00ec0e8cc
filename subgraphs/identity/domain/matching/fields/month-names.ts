/** General knowledge: how the names of the months begin in the languages of Europe and its neighbours, folded. */
const STEMS: readonly string[] = [
  "jan gen ene yan sty led sij sich ianoy ianu oca tammi",
  "feb fev lut lyut uno velj sub helmi",
  "mar mrz maer maa brez berez ozuj",
  "apr avr abr kwi dub travanj travnj nis kvit huhti",
  "may mai mag mei maj kve svib touko traven travny",
  "jun juin giu cze cerven cervn cherv lipanj lipnj haz kesa iyun yuni ioyni iuni",
  "jul juil lug lip cervene cervenc srpanj srpnj tem heina iyul yuli ioyli iuli",
  "aug aou ago agu sie srp serp kol avg aygoy elo",
  "sep set wrz zar rujan rujn ver eyl syys",
  "oct okt ott out paz rij zhov eki loka",
  "nov noy noe lis stu kas marras",
  "dec dez dic des dek gru pro joulu ara",
];

const MONTH_BY_STEM = new Map(
  STEMS.flatMap((line, at) => line.split(" ").map((stem) => [stem, at + 1] as const)),
);
const STEM_LENGTH_MAX = 7;
const STEM_LENGTH_MIN = 3;
const ROMAN = "i ii iii iv v vi vii viii ix x xi xii".split(" ");

/** The month a folded word names, 1 to 12; 0 where it names none. */
export function monthOfWord(word: string): number {
  const longest = Math.min(word.length, STEM_LENGTH_MAX);
  for (let length = longest; length >= STEM_LENGTH_MIN; length--) {
    const month = MONTH_BY_STEM.get(word.slice(0, length));
    if (month !== undefined) return month;
  }
  return ROMAN.indexOf(word) + 1;
}
