import type { ColumnRole } from "./column-role.ts";

/** Header words by role in languages further east and south, in their own letters; without separators. */
export const HEADER_WORDS_ABROAD: readonly [ColumnRole, string][] = [
  ["middleName", "побатькові|ikinciad|اسمالأب|שםאמצעי"],
  [
    "givenName",
    "ad|adi|isim|ilkad|utonev|prenume|prenumele|eesnimi|vards|vardas|emri|ім'я|имя|име|الاسمالأول|الاسمالاول|" +
      "الاسمالشخصي|نام|نامکوچک|שםפרטי|पहलानाम|प्रथमनाम|ชื่อ|ชื่อจริง|namadepan",
  ],
  [
    "surname",
    "soyisim|numedefamilie|perekonnanimi|uzvards|pavarde|mbiemri|prezimena|اسمالعائلة|اللقب|الكنية|" +
      "نامخانوادگی|فامیلی|שםמשפחה|उपनाम|कुलनाम|अंतिमनाम|सरनेम|นามสกุล|สกุล|прізвище|презиме|namabelakang",
  ],
  [
    "fullName",
    "adsoyad|adisoyadi|adivesoyadi|isimsoyisim|nev|teljesnev|numesiprenume|numecomplet|nimi|kokonimi|" +
      "koknimi|jmenoaprijmeni|imeiprezime|nama|namalengkap|الاسمالكامل|الاسم|اسم|نامونامخانوادگی|نامکامل|" +
      "שםמלא|שם|नाम|पूरानाम|ชื่อนามสกุล|ชื่อสกุล|ชื่อเต็ม|піб|прізвищеімяпобатькові|фамилияимяотчество|" +
      "имяифамилия|имеипрезиме|성함|お名前|顧客名|客户姓名|客户名称|客戶姓名",
  ],
  [
    "organisation",
    "sirket|sirketadi|cegnev|ceg|yritys|компания|организация|компанія|חברה|الشركة|شركة|شرکت|कंपनी|บริษัท|" +
      "会社名|会社|公司|公司名称|회사|회사명|perusahaan|congty|εταιρεια|spolecnost|tvrtka|ettevote",
  ],
  [
    "birthDate",
    "dogumgunu|szuletesidatum|szuletesiido|szuletesnap|szuldatum|datanasterii|datadenastere|syntymapaiva|" +
      "sunniaeg|sunnikuupaev|datumrodenja|datumrodjenja|rojstnidatum|datumnarodenia|narozen|fodt|fodd|fodelsear|" +
      "tanggallahir|tgllahir|תאריךלידה|تاريخالميلاد|تاریختولد|जन्मतिथि|जन्मतारीख|जन्मदिन|วันเกิด|วันเดือนปีเกิด|" +
      "датанародження|датанараждане|рождения|деньрождения|датар|ημγεννησης|ημεργεννησης|出生年月日|出生年月|" +
      "生日|誕生日|生年",
  ],
  [
    "gender",
    "cinsiyet|nem|genul|sukupuoli|sugu|spol|pohlavi|стать|מין|الجنس|جنسیت|लिंग|เพศ|jeniskelamin",
  ],
  [
    "email",
    "sahkoposti|sahkopostiosoite|emailcim|adresaemail|postaelettronica|postaelectronica|mailadres|" +
      "emailaddresse|דואראלקטרוני|אימייל|מייל|البريدالإلكتروني|البريدالالكتروني|ایمیل|پستالکترونیک|ईमेल|อีเมล|" +
      "электроннаяпочта|эпочта|имейл|електроннапошта|メールアドレス|メール|电子邮件|电子邮箱|邮箱|電子郵件|이메일",
  ],
  [
    "phone",
    "puhelin|puhelinnumero|matkapuhelin|ceptelefonu|cep|gsm|mobilnummer|mobitel|mobilni|telepon|nomortelepon|" +
      "nomorhp|nohp|טלפון|נייד|מספרטלפון|رقمالهاتف|الهاتف|هاتف|جوال|رقمالجوال|تلفن|موبایل|شمارهتلفن|फोन|मोबाइल|" +
      "दूरभाष|मोबाइलनंबर|โทรศัพท์|เบอร์โทร|เบอร์โทรศัพท์|มือถือ|мобильный|мобільний|номертелефона|" +
      "номертелефону|κινητο|τηλ|σταθερο|手机|手机号|手机号码|联系电话|手機|電話番号|携帯電話|携帯|휴대폰|" +
      "휴대전화|전화|핸드폰|연락처",
  ],
  [
    "street",
    "katuosoite|osoite|adresa|adresi|acikadres|sokak|cadde|utca|ulice|strada|alamat|адреса|вулиця|כתובת|רחוב|" +
      "العنوان|عنوان|آدرس|نشانی|पता|ที่อยู่|番地|aadress",
  ],
  [
    "postcode",
    "postinumero|iranyitoszam|irsz|postakodu|postkodu|postanskibroj|kodepos|mabuudien|sihtnumber|מיקוד|" +
      "الرمزالبريدي|کدپستی|पिनकोड|รหัสไปรษณีย์|почтовыйиндекс|поштовийіндекс|індекс|邮政编码|郵遞區號|우편번호|" +
      "τκ|ταχκωδικας|ταχυδρομικοςκωδικας",
  ],
  [
    "place",
    "dogumyeri|szuletesihely|loculnasterii|syntymapaikka|местонародження|місценародження|месторождения|" +
      "местонараждане|מקוםלידה|مكانالميلاد|محلتولد|जन्मस्थान|สถานที่เกิด|出生地|출생지|mistonarozeni|mjestorodenja",
  ],
  [
    "city",
    "sehir|ilce|telepules|oras|orasul|localitate|localitatea|postitoimipaikka|linn|pilseta|miestas|qyteti|grad|" +
      "kota|місто|град|населенийпункт|עיר|ישוב|المدينة|مدينة|شهر|शहर|नगर|เมือง|อำเภอ|市区町村|市町村|시군구",
  ],
  [
    "region",
    "judet|judetul|megye|maakunta|bolge|provinsi|tinh|регион|край|محافظة|المحافظة|المنطقة|استان|राज्य|จังหวัด|" +
      "都道府県|省|省份|시도",
  ],
  [
    "country",
    "ulke|orszag|tara|maa|negara|quocgia|zeme|drzava|riik|країна|держава|מדינה|ארץ|الدولة|البلد|کشور|देश|" +
      "ประเทศ|国|国家|國家|국가|χωρα",
  ],
  [
    "identifier",
    "tckimlikno|tckn|cnp|adoszam|tajszam|henkilotunnus|hetu|isikukood|oib|jmbg|egn|rodnecislo|nik|ktp|cccd|cmnd|" +
      "инн|снилс|паспорт|身份证|身份证号|身份证号码|주민등록번호|תעודתזהות|رقمالهوية|کدملی|आधार|aadhaar|aadhar|αφμ|αμκα",
  ],
];
