import type { Draw } from "./draw.ts";
import type { Shape } from "./shapes.ts";

const ENGLISH = {
  given: "first_name",
  surname: "last_name",
  born: "dob",
  street: "street",
  postcode: "zip",
  city: "city",
  phone: "phone",
  email: "email",
} as const;

const HEX = "0123456789abcdef";
const hex = (draw: Draw, count: number) =>
  Array.from({ length: count }, () => draw.pick([...HEX])).join("");
const NOTES =
  "called back later; asked about the summer offer; wants the newsletter; paid by card; no answer at the door".split(
    "; ",
  );

const useless = (draw: Draw, row: number) => ({
  rownum: String(row + 1),
  uuid: `${hex(draw, 8)}-${hex(draw, 4)}-4${hex(draw, 3)}-a${hex(draw, 3)}-${hex(draw, 12)}`,
  tenant: "acme",
  remarks: `${draw.pick(NOTES)}, ${draw.pick(NOTES)} (${draw.number(1, 60)} min)`,
  loaded: `2024-0${draw.number(1, 10)}-1${draw.number(0, 10)}T0${draw.number(0, 10)}:15:00Z`,
  spend: `${draw.number(0, 900)}.${draw.digits(2)}`,
  active: draw.chance(0.7) ? "true" : "false",
  segment: draw.pick(["A", "B", "C"]),
});

/** Files of other shapes than the published ones. Nothing in the matcher is fitted to them. */
export const SHAPES: readonly Shape[] = [
  { name: "English, ordinary", language: "english", headers: ENGLISH },
  {
    name: "English, m/d/y and words",
    language: "english",
    headers: ENGLISH,
    clerk: { dateForms: ["m/d/y", "words"] },
  },
  {
    name: "English, dates in five forms",
    language: "english",
    headers: ENGLISH,
    clerk: { dateForms: ["iso", "d/m/y", "words", "yyyymmdd", "slashed"] },
  },
  {
    name: "English, year of birth only",
    language: "english",
    headers: { ...ENGLISH, born: "birth_year" },
    clerk: { dateForms: ["year"] },
  },
  {
    name: "English, one name column",
    language: "english",
    headers: { full: "name", born: "dob", street: "address", city: "city", phone: "tel" },
  },
  {
    name: "English, surname first with comma",
    language: "english",
    headers: { inverted: "name", born: "dob", address: "address" },
  },
  { name: "English, useless columns", language: "english", headers: ENGLISH, extras: useless },
  {
    name: "English, much noise",
    language: "english",
    headers: ENGLISH,
    clerk: { noise: 0.25, missing: 0.25 },
  },
  {
    name: "English, half of it missing",
    language: "english",
    headers: ENGLISH,
    clerk: { missing: 0.5 },
  },
  {
    name: "English, names swapped",
    language: "english",
    headers: ENGLISH,
    clerk: { swapped: 0.2 },
  },
  {
    name: "English, households, twins, father and son",
    language: "english",
    headers: { ...ENGLISH, generation: "suffix" },
    twins: 0.05,
    sons: 0.05,
    siblings: 0.3,
  },
  {
    name: "English, headers that say nothing",
    language: "english",
    headers: {
      given: "c1",
      surname: "c2",
      born: "c3",
      street: "c4",
      postcode: "c5",
      city: "c6",
      phone: "c7",
      email: "c8",
    },
  },
  {
    name: "English, nobody twice",
    language: "english",
    headers: ENGLISH,
    copies: [1, 1],
    people: 800,
  },
  {
    name: "English, everybody twice",
    language: "english",
    headers: ENGLISH,
    copies: [2, 2],
  },
  {
    name: "English, ten of each",
    language: "english",
    headers: ENGLISH,
    copies: [8, 12],
    people: 100,
  },
  {
    name: "English, everybody the same person",
    language: "english",
    headers: ENGLISH,
    copies: [60, 60],
    people: 1,
  },
  {
    name: "English, name, e-mail, phone",
    language: "english",
    headers: { full: "name", email: "email", phone: "phone" },
  },
  {
    name: "English, e-mail only",
    language: "english",
    headers: { email: "email" },
    clerk: { missing: 0.02 },
  },
  {
    name: "English, name and city only",
    language: "english",
    headers: { given: "first", surname: "last", city: "town" },
    people: 300,
  },
  {
    name: "English, two clean files linked",
    language: "english",
    headers: ENGLISH,
    isLinked: true,
    people: 700,
  },
  {
    name: "German",
    language: "german",
    headers: {
      given: "Vorname",
      surname: "Nachname",
      gender: "Anrede",
      born: "Geburtsdatum",
      street: "Straße",
      postcode: "PLZ",
      city: "Ort",
      phone: "Telefon",
    },
    clerk: { dateForms: ["d.m.yy", "d.m.yy", "iso"] },
  },
  {
    name: "French",
    language: "french",
    headers: {
      given: "prénom",
      surname: "nom",
      born: "né(e) le",
      street: "adresse",
      postcode: "code postal",
      city: "ville",
      email: "courriel",
    },
    clerk: { dateForms: ["d/m/y"], respelt: 0.4 },
  },
  {
    name: "Spanish",
    language: "spanish",
    headers: {
      given: "nombre",
      surname: "apellidos",
      born: "fecha de nacimiento",
      street: "dirección",
      city: "población",
      phone: "móvil",
    },
    clerk: { dateForms: ["d/m/y"], respelt: 0.3 },
  },
  {
    name: "Russian, a third in Latin letters",
    language: "russian",
    headers: {
      surname: "Фамилия",
      given: "Имя",
      born: "Дата рождения",
      street: "Адрес",
      city: "Город",
      phone: "Телефон",
    },
    clerk: { dateForms: ["d.m.yy", "d/m/y"], respelt: 0.33 },
  },
  {
    name: "Greek, a third in Latin letters",
    language: "greek",
    headers: {
      surname: "Επώνυμο",
      given: "Όνομα",
      born: "Ημερομηνία γέννησης",
      street: "Διεύθυνση",
      city: "Πόλη",
      phone: "Τηλέφωνο",
    },
    clerk: { dateForms: ["d/m/y"], respelt: 0.33 },
  },
  {
    name: "Chinese, full name",
    language: "chinese",
    headers: {
      joined: "姓名",
      born: "出生日期",
      gender: "性别",
      street: "地址",
      city: "城市",
      phone: "电话",
    },
    clerk: { noise: 0.03 },
  },
  {
    name: "Japanese, surname and given name",
    language: "japanese",
    headers: {
      surname: "姓",
      given: "名",
      born: "生年月日",
      street: "住所",
      postcode: "郵便番号",
      phone: "電話番号",
    },
    clerk: { dateForms: ["slashed"], noise: 0.03 },
  },
  {
    name: "Vietnamese, few surnames",
    language: "vietnamese",
    headers: {
      surname: "họ",
      given: "tên",
      born: "ngày sinh",
      street: "địa chỉ",
      city: "thành phố",
      phone: "điện thoại",
    },
    clerk: { dateForms: ["d/m/y"], respelt: 0.3 },
  },
];
