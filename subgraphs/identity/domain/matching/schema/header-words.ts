import type { ColumnRole } from "./column-role.ts";

/** Header words by role, in the languages we know; matched against the header without separators. */
export const HEADER_WORDS: readonly [ColumnRole, string][] = [
  [
    "ignored",
    "type|status|amount|category|source|datasource|created|createdat|updated|updatedat|" +
      "modified|timestamp|cluster|clusterid|notes?|comments?|url|website|hash|uuid|guid|" +
      "password|latitude|longitude|lat|lon|lng|ip|ipaddress|recordtype|rowid|index|score|" +
      "price|total|currency|joined|since|registered|registrationdate|" +
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
      "krestnijmeno|имя|ονομα|ten|名字|이름|prenume|keresztnev|ime|名|" +
      "nomeproprio|meno|roepnaam",
  ],
  [
    "surname",
    "surname|surnames|lastname|lastnames|familyname|lname|last|family|namelast|" +
      "namefamily|secondsurname|nachname|familienname|zuname|nomdefamille|nomfamille|" +
      "apellido|apellidos|primerapellido|cognome|sobrenome|apelido|achternaam|familienaam|" +
      "nazwisko|efternamn|etternavn|efternavn|sukunimi|prijmeni|soyad|soyadi|фамилия|επωνυμο|ho|성|" +
      "vezeteknev|prezime|姓|姓氏|苗字|" +
      "ultimonome|priezvisko|priimek",
  ],
  [
    "fullName",
    "fullname|personname|customername|contactname|displayname|namefull|nativenamefull|" +
      "completename|clientname|patientname|membername|firstandsurname|vollername|" +
      "vollstandigername|nomcomplet|nometprenom|nomprenom|nombrecompleto|nombreyapellidos|" +
      "nomecompleto|nominativo|volledigenaam|imieinazwisko|fio|фио|ονοματεπωνυμο|hoten|hovaten|성명|姓名|氏名|名前|" +
      "kunde|kundenname|ansprechpartner|ansprechperson|cardholder|accountholder",
  ],
  [
    "organisation",
    "company|companyname|organisation|organization|organisationname|organizationname|" +
      "orgname|nameorg|firma|firmenname|unternehmen|societe|raisonsociale|entreprise|" +
      "empresa|razonsocial|azienda|ragionesociale|bedrijf|bedrijfsnaam|businessname|" +
      "accountname|" +
      "nazwafirmy|foretag|organisasjon",
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
      "datumnarozeni|dogumtarihi|датарождения|生年月日|出生日期|" +
      "gebam|fnac|dtnasc|dataur|datnar|датарожд",
  ],
  ["date", "dateofdeath|deathdate|dod|died|sterbedatum|datededeces"],
  [
    "gender",
    "gender|sex|geschlecht|sexe|sexo|genero|sesso|genere|geslacht|plec|kon|kjonn|kon|пол|φυλο|gioitinh|성별|性别|性別",
  ],
  [
    "email",
    "email|emailaddress|mail|mailaddress|emails|courriel|adressemail|correo|" +
      "correoelectronico|epost|eposta|emailadresse|emailadres|почта|" +
      "mailadresse|epostadress|epostadresse|thudientu",
  ],
  [
    "phone",
    "phone|phonenumber|phoneno|telephone|telephonenumber|tel|telno|telnr|mobile|" +
      "mobilephone|mobilenumber|mobileno|cell|cellphone|handy|handynummer|mobil|telefon|" +
      "telefonnummer|rufnummer|festnetz|telefono|telefone|celular|movil|cellulare|telefoon|" +
      "telefoonnummer|portable|numerodetelephone|telefonszam|msisdn|телефон|" +
      "τηλεφωνο|dienthoai|sodienthoai|전화번호|电话|電話|" +
      "handynr|rufnr|telemovel|mobiel|telefonnr|nrtelefonu|휴대폰번호|sdt|notelp|whatsapp|contactnumber",
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
      "улица|cim|住所|地址|" +
      "strassehausnr|strassehausnummer|strasseundhausnummer|strassenr|strasseundnr|calleynumero|" +
      "rueetnumero|straathuisnummer|uliceacp|uliceacislo|ulicaicislo|lakcim",
  ],
  [
    "postcode",
    "postcode|postalcode|zip|zipcode|zip5|postal|addrpostalcode|plz|postleitzahl|" +
      "codepostal|cp|codigopostal|codpostal|cap|codiceavviamentopostale|cep|kodpocztowy|" +
      "postnummer|postnr|pincode|psc|индекс|邮编|郵便番号|" +
      "eircode",
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
      "poststed|kaupunki|mesto|город|πολη|thanhpho|도시|市|varos|城市|" +
      "localidade|postort|obec|helyseg|il|都市",
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
      "zawod|department|role|maritalstatus|religion|ethnicity|race|language|school",
  ],
];
