import { Draw, ZipfRanks } from "./draw.ts";

const HEADS =
  "ab al an ar bar ber bor bran bren cal can car chan cla col cor cra dal dan dar del don dun eb el em " +
  "fan far fen fin for gal gar gil gra gren had hal har hol hun ing jar jen kal kel ken kin lan lar lin lon " +
  "mac mar mel mil mor nash nel nor old os par pel pin por quin ral ram red rich ros sal san sel shel sim " +
  "stan stra tal tem thor tor tur ul ur val ver wal war wel wil win wor yar yor";
const MIDDLES =
  "a ba bi ca da de e fi ga gi ha i ka la le li ma me mo na ne no ra re ri sa ta te ti va";
const TAILS =
  "bury by croft dale den don er feld field ford gate ger ham hart hill house ing ington land ley low man mann " +
  "mer more ney nor port ridge ris sen shaw sky son ston stone ter ton vic ville ward way wick win wood worth";

/** The name in the papers, then what friends say. */
const COMMON_NAMES =
  "james jim|mary molly|robert bob rob|patricia pat|john jack|jennifer jenny|michael mike|linda|david dave|" +
  "elizabeth liz beth|william bill will|barbara barb|richard dick rick|susan sue|joseph joe|jessica jess|" +
  "thomas tom|sarah|charles charlie|karen|christopher chris|lisa|daniel dan|nancy|matthew matt|betty|" +
  "anthony tony|margaret peggy meg|mark|sandra|donald don|ashley|steven steve|kimberly kim|paul|emily em|" +
  "andrew andy|donna|joshua josh|michelle shelly|kenneth ken|carol|kevin|amanda mandy|brian|dorothy dot|" +
  "george|melissa mel|timothy tim|deborah deb|ronald ron|stephanie steph|edward ted ed|rebecca becky|" +
  "jason|sharon|jeffrey jeff|laura|ryan|cynthia cindy|jacob jake|kathleen kathy|gary|amy|nicholas nick|" +
  "angela angie|eric|anna|jonathan jon|catherine kate|samuel sam|victoria vicky|peter pete|grace|henry harry";

function* syllables(): Generator<string> {
  const [heads, middles, tails] = [HEADS, MIDDLES, TAILS].map((list) => list.split(" ")) as [
    string[],
    string[],
    string[],
  ];
  for (const middle of ["", ...middles])
    for (const head of heads) for (const tail of tails) yield head + middle + tail;
}

const words = (count: number, seed: number) =>
  new Draw(seed).shuffle([...syllables()]).slice(0, count);
const capital = (word: string) => word[0]!.toUpperCase() + word.slice(1);

/** Lists a made-up country draws from, with frequencies as in a real one. */
export interface Country {
  readonly surnames: readonly string[];
  /** The first form of each line is the one in the papers, the rest are what friends say. */
  readonly givenNames: readonly (readonly string[])[];
  readonly streets: readonly string[];
  readonly postcodes: readonly { readonly code: string; readonly city: string }[];
  readonly surnameRanks: ZipfRanks;
  readonly givenRanks: ZipfRanks;
  readonly streetRanks: ZipfRanks;
  readonly postcodeRanks: ZipfRanks;
}

const [SURNAMES, GIVEN_NAMES, STREETS, POSTCODES] = [60_000, 1_500, 12_000, 9_000];

/** The commonest surname has one person in 150, the commonest given name one in 60, the largest postcode one in 500. */
export function makeCountry(): Country {
  const groups = COMMON_NAMES.split("|").map((line) => line.split(" "));
  const known = new Set(groups.map(([formal]) => formal));
  const rare = words(GIVEN_NAMES * 2, 11).filter((word) => word.length < 9 && !known.has(word));
  const cities = words(3_000, 13).map(capital);
  const cityRanks = new ZipfRanks(cities.length, 6);
  const draw = new Draw(17);
  const postcodes = Array.from({ length: POSTCODES }, (_, at) => ({
    code: String(10_000 + at * 9 + draw.number(0, 9)),
    city: cities[cityRanks.draw(draw)]!,
  }));
  return {
    surnames: words(SURNAMES, 19).map(capital),
    givenNames: [...groups, ...rare.map((name) => [name])]
      .slice(0, GIVEN_NAMES)
      .map((forms) => forms.map(capital)),
    streets: words(STREETS, 23).map(
      (word, at) => `${capital(word)} ${["Street", "Road", "Lane", "Avenue"][at % 4]}`,
    ),
    postcodes,
    surnameRanks: new ZipfRanks(SURNAMES, 14),
    givenRanks: new ZipfRanks(GIVEN_NAMES, 12),
    streetRanks: new ZipfRanks(STREETS, 20),
    postcodeRanks: new ZipfRanks(POSTCODES, 300),
  };
}
