import { foldText } from "../text/fold-text.ts";

/** What a column holds. */
export const COLUMN_ROLES = [
  "fullName",
  "givenName",
  "middleName",
  "surname",
  "generation",
  "organisation",
  "birthDate",
  "date",
  "gender",
  "email",
  "phone",
  "street",
  "houseNumber",
  "address",
  "postcode",
  "city",
  "region",
  "country",
  "place",
  "identifier",
  "category",
  "text",
  "ignored",
] as const;
export type ColumnRole = (typeof COLUMN_ROLES)[number];

/** Header words by role, in the languages we know; matched against the header without separators. */
const HEADERS: readonly [ColumnRole, string][] = [
  [
    "ignored",
    "type|status|amount|category|source|datasource|created|createdat|updated|updatedat|" +
      "modified|timestamp|cluster|clusterid|notes?|comments?|url|website|hash|uuid|guid|" +
      "password|latitude|longitude|lat|lon|lng|ip|ipaddress|recordtype|rowid|index|score|" +
      "price|total|currency|date|datum|fecha|data|joined|since|registered|registrationdate|" +
      "lastlogin|signupdate|recordid|recid|id",
  ],
  ["generation", "suffix|namesuffix|generation|generationalsuffix"],
  [
    "middleName",
    "middlename|middle|namemiddle|middleinitial|middlenames|secondname|zweitername|" +
      "deuxiemeprenom|segundonombre|otchestvo|patronymic|отчество",
  ],
  [
    "givenName",
    "givenname|givennames|firstname|firstnames|forename|forenames|fname|first|given|" +
      "christianname|namefirst|namegiven|vorname|vornamen|rufname|prenom|prenoms|nombres|" +
      "primernombre|nombredepila|voornaam|voornamen|imie|fornamn|fornavn|etunimi|jmeno|" +
      "krestnijmeno|имя|ονομα|ten|名字|이름|prenume|keresztnev|ime|名",
  ],
  [
    "surname",
    "surname|surnames|lastname|lastnames|familyname|lname|last|family|namelast|" +
      "namefamily|secondsurname|nachname|familienname|zuname|nomdefamille|nomfamille|" +
      "apellido|apellidos|primerapellido|cognome|sobrenome|apelido|achternaam|familienaam|" +
      "nazwisko|efternamn|etternavn|efternavn|sukunimi|prijmeni|soyad|soyadi|фамилия|επωνυμο|ho|성|" +
      "vezeteknev|prezime|姓|姓氏|苗字",
  ],
  [
    "fullName",
    "fullname|personname|customername|contactname|displayname|namefull|nativenamefull|" +
      "completename|clientname|patientname|membername|firstandsurname|vollername|" +
      "vollstandigername|nomcomplet|nometprenom|nomprenom|nombrecompleto|nombreyapellidos|" +
      "nomecompleto|nominativo|volledigenaam|imieinazwisko|fio|фио|ονοματεπωνυμο|hoten|hovaten|성명|姓名|氏名|名前",
  ],
  [
    "organisation",
    "company|companyname|organisation|organization|organisationname|organizationname|" +
      "orgname|nameorg|firma|firmenname|unternehmen|societe|raisonsociale|entreprise|" +
      "empresa|razonsocial|azienda|ragionesociale|bedrijf|bedrijfsnaam|businessname|" +
      "accountname",
  ],
  [
    "birthDate",
    "dob|dateofbirth|birthdate|birthday|bday|birthdt|datebirth|born|yob|birthyear|" +
      "yearofbirth|neele|nele|nacidael|nacidoel|geborenam|geboren|natoil|ημερομηνιαγεννησης|" +
      "ngaysinh|urodzony|생년월일|" +
      "geburtsdatum|geburtstag|gebdat|gebdatum|gebdatum|datedenaissance|" +
      "datenaissance|naissance|fechadenacimiento|fechanacimiento|fechanac|nacimiento|" +
      "datadinascita|datanascita|nascita|datadenascimento|datanascimento|nascimento|" +
      "geboortedatum|dataurodzenia|fodelsedatum|fodselsdato|fodselsdag|syntymaaika|" +
      "datumnarozeni|dogumtarihi|датарождения|生年月日|出生日期",
  ],
  ["date", "dateofdeath|deathdate|dod|died|sterbedatum|datededeces"],
  [
    "gender",
    "gender|sex|geschlecht|sexe|sexo|genero|sesso|genere|geslacht|plec|kon|kjonn|kon|пол|φυλο|gioitinh|성별|性别|性別",
  ],
  [
    "email",
    "email|emailaddress|mail|mailaddress|emails|courriel|adressemail|correo|" +
      "correoelectronico|epost|eposta|emailadresse|emailadres|почта",
  ],
  [
    "phone",
    "phone|phonenumber|phoneno|telephone|telephonenumber|tel|telno|telnr|mobile|" +
      "mobilephone|mobilenumber|mobileno|cell|cellphone|handy|handynummer|mobil|telefon|" +
      "telefonnummer|rufnummer|festnetz|telefono|telefone|celular|movil|cellulare|telefoon|" +
      "telefoonnummer|portable|numerodetelephone|telefonszam|msisdn|телефон|τηλεφωνο|dienthoai|sodienthoai|전화번호|电话|電話",
  ],
  [
    "houseNumber",
    "streetnumber|streetno|housenumber|houseno|housenr|hausnummer|hausnr|numerorue|" +
      "numerovoie|numerocivico|civico|huisnummer|huisnr|buildingnumber|nrdomu|numerocasa",
  ],
  [
    "address",
    "addrfull|fulladdress|addressfull|completeaddress|vollstandigeadresse|anschrift|" +
      "adressecomplete|direccioncompleta",
  ],
  [
    "street",
    "street|streetname|streetaddress|address|addr|address1|address2|address3|addressline|" +
      "addressline1|addressline2|addrline1|addrline2|addr1|addr2|strasse|strassenname|str|" +
      "adresse|adresse1|rue|voie|calle|direccion|domicilio|indirizzo|via|endereco|rua|" +
      "logradouro|morada|adres|straat|straatnaam|ulica|gata|gatuadress|gate|vej|адрес|διευθυνση|diachi|주소|" +
      "улица|cim|住所|地址",
  ],
  [
    "postcode",
    "postcode|postalcode|zip|zipcode|zip5|postal|addrpostalcode|plz|postleitzahl|" +
      "codepostal|cp|codigopostal|codpostal|cap|codiceavviamentopostale|cep|kodpocztowy|" +
      "postnummer|postnr|pincode|psc|индекс|邮编|郵便番号",
  ],
  [
    "place",
    "birthplace|placeofbirth|birthcity|geburtsort|lieudenaissance|lugardenacimiento|" +
      "luogodinascita|localdenascimento|naturalidade|geboorteplaats|miejsceurodzenia|" +
      "fodelseort",
  ],
  [
    "city",
    "city|town|suburb|locality|village|municipality|addrcity|ort|stadt|wohnort|ortsname|" +
      "gemeinde|ville|commune|localite|ciudad|localidad|municipio|poblacion|citta|comune|" +
      "localita|cidade|plaats|woonplaats|stad|gemeente|miasto|miejscowosc|stadort|by|" +
      "poststed|kaupunki|mesto|город|πολη|thanhpho|도시|市|varos|城市",
  ],
  [
    "region",
    "state|province|region|county|addrstate|bundesland|kanton|departement|provincia|" +
      "estado|comunidad|regione|provincie|wojewodztwo|lan|fylke|область|district|prefecture",
  ],
  [
    "country",
    "country|countrycode|addrcountry|land|pays|pais|paese|kraj|nation|nationality|" +
      "staatsangehorigkeit|nationalite|nacionalidad|citizenship|страна",
  ],
  [
    "identifier",
    "ssn|ssnnumber|socsecid|socialsecurity|socialsecuritynumber|passport|passportnumber|" +
      "passportno|driverslicense|driverslicensenumber|driverlicense|licensenumber|" +
      "licencenumber|nationalid|nationalidnumber|taxid|taxidnumber|taxnumber|vat|vatnumber|" +
      "nino|nhsnumber|medicare|medicarenumber|sin|curp|dni|nif|nie|rfc|codicefiscale|" +
      "steuernummer|steuerid|sozialversicherungsnummer|svnr|personnummer|pesel|bsn|cpf|" +
      "cnpj|insurancenumber|iban|lei|leinumber|loyaltynumber|membernumber|customernumber|" +
      "kundennummer|ninumber|numerodesecuritesociale|nir",
  ],
  [
    "text",
    "occupation|profession|job|jobtitle|title|beruf|metier|profesion|professione|beroep|" +
      "zawod|employer|department|role|maritalstatus|religion|ethnicity|race|language|school",
  ],
];

const ROLE_BY_HEADER = new Map(
  HEADERS.flatMap(([role, words]) =>
    words.split("|").map((word) => [foldText(word), role] as const),
  ),
);

const QUALIFIERS = new Set(
  (
    "primary secondary native home work mobile business billing shipping delivery mailing contact " +
    "customer client person " +
    "patient member user subscriber main current residential postal private personal own the my fake raw clean " +
    "text value str " +
    "field col column orig original std addr address name kunden kunde persoon cliente s1 s2 no number nr num"
  ).split(" "),
);
/** The country of a passport or the type of a phone describes another column, not a person. */
const DESCRIBES_ANOTHER =
  /(passport|licen[cs]e|(national|tax) ?id|phone|addr|address|record|id) .*(type|country|state|issuer|usage)$|^rel /;

/** Words of a header: camelCase, separators and digits taken apart, folded. */
export function headerWords(header: string): string[] {
  const spaced = header
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2");
  return foldText(spaced)
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== "");
}

/** The role a header names, if any: the whole header, then without qualifiers, then its last telling words. */
export function roleByHeader(header: string): ColumnRole | undefined {
  const words = headerWords(header).filter(
    (word, at, all) => !(at === all.length - 1 && at > 0 && /^\d$/.test(word)),
  );
  const whole =
    ROLE_BY_HEADER.get(headerWords(header).join("")) ?? ROLE_BY_HEADER.get(words.join(""));
  if (whole !== undefined) return whole;
  if (DESCRIBES_ANOTHER.test(words.join(" ")))
    return isAddressPart(words) ? ROLE_BY_HEADER.get(words.at(-1)!) : "ignored";
  const kept = words.filter((word) => !QUALIFIERS.has(word));
  const bare = ROLE_BY_HEADER.get(kept.join(""));
  if (bare !== undefined) return bare;
  for (let length = words.length - 1; length >= 1; length--) {
    for (const start of [words.length - length, 0]) {
      const role = ROLE_BY_HEADER.get(words.slice(start, start + length).join(""));
      if (role !== undefined && (length > 1 || words.join("").length <= 24)) return role;
    }
  }
  return undefined;
}

const isAddressPart = (words: string[]) =>
  /^addr/.test(words[0]!) && /^(state|country)$/.test(words.at(-1)!);

/** Headers that mean the surname beside a given name, and the full name alone (name, nom, nome, nombre, naam). */
const AMBIGUOUS: Readonly<
  Record<string, { readonly beside: ColumnRole; readonly companion: ColumnRole }>
> = {
  name: { beside: "surname", companion: "givenName" },
  nom: { beside: "surname", companion: "givenName" },
  naam: { beside: "surname", companion: "givenName" },
  nome: { beside: "givenName", companion: "surname" },
  nombre: { beside: "givenName", companion: "surname" },
  navn: { beside: "surname", companion: "givenName" },
  namn: { beside: "surname", companion: "givenName" },
};

/** Role of a header whose meaning hangs on the columns beside it. */
export function roleOfAmbiguousHeader(
  header: string,
  others: ReadonlySet<ColumnRole>,
): ColumnRole | undefined {
  const words = headerWords(header).filter((word) => word === "name" || !QUALIFIERS.has(word));
  const known = AMBIGUOUS[words.join("")] ?? (words.at(-1) === "name" ? AMBIGUOUS.name : undefined);
  if (known === undefined) return undefined;
  const opposite: ColumnRole = known.beside === "surname" ? "surname" : "givenName";
  return others.has(known.companion) && !others.has(opposite) ? known.beside : "fullName";
}
