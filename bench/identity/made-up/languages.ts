/** Names, places and ways of writing of one language; small lists, so that namesakes are common. */
export interface Language {
  readonly women: readonly string[];
  readonly men: readonly string[];
  readonly surnames: readonly string[];
  readonly cities: readonly string[];
  readonly streets: readonly string[];
  /** The same text as another clerk or another country's form would have it. */
  readonly respell: (text: string) => string;
  readonly streetLine: (street: string, number: number) => string;
}

const list = (text: string) => text.split(" ");
const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "");
const numberLast = (street: string, number: number) => `${street} ${number}`;
const numberFirst = (street: string, number: number) => `${number} ${street}`;

/** Letter by letter, as passports do it. */
function letters(table: string): (text: string) => string {
  const words = table.split(" ");
  const pairs = new Map(
    words.flatMap((word, at) => (at % 2 === 0 ? [[word, words[at + 1]!]] : [])),
  );
  return (text) =>
    Array.from(text.normalize("NFC"), (letter) => {
      const lower = letter.toLowerCase();
      const spelled = (pairs.get(lower) ?? pairs.get(plain(lower)) ?? letter).replace("_", "");
      return letter === lower ? spelled : (spelled[0] ?? "").toUpperCase() + spelled.slice(1);
    }).join("");
}

const english: Language = {
  women: list(
    "Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Nancy Lisa Emma",
  ),
  men: list(
    "James Robert John Michael William David Richard Joseph Thomas Charles Daniel Mark Paul",
  ),
  surnames: list(
    "Smith Johnson Brown Jones Garcia Miller Davis Wilson Anderson Taylor Moore Jackson Martin Lee Thompson " +
      "White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Green Baker Hill Campbell " +
      "Fitzgerald O'Connor McDonald Blackwood Hargreaves Pemberton Whitaker Ashworth Kingsley Thornbury",
  ),
  cities: list(
    "Springfield Franklin Clinton Georgetown Salem Fairview Madison Bristol Dover Oxford",
  ),
  streets: [
    "Main St",
    "Oak Ave",
    "Maple Dr",
    "Cedar Ln",
    "Park Rd",
    "Hill St",
    "Lake Ave",
    "Elm Ct",
  ],
  respell: (text) =>
    text
      .replace(/\bSt$/, "Street")
      .replace(/\bAve$/, "Avenue")
      .replace(/'/g, ""),
  streetLine: numberFirst,
};

const german: Language = {
  women: list("Anna Jürgena Käthe Sabine Ursula Monika Petra Björna Heike Lena Gisela Renate"),
  men: list("Jürgen Günther Björn Hans Klaus Uwe Dieter Wolfgang Stefan Matthias Rüdiger Sören"),
  surnames: list(
    "Müller Schmidt Schröder Weiß Jäger Krüger Groß Köhler Böhm Schäfer Voß Fuchs Löffler Möller Strauß " +
      "Günther Kühn Bäcker Vogt Brandt Sommer Pohl Engel Huber Wörner Häußler Kästner Rössler Dörr Färber",
  ),
  cities: list("München Köln Düsseldorf Nürnberg Görlitz Münster Lübeck Gießen Würzburg Plön"),
  streets: ["Hauptstraße", "Bahnhofstraße", "Schloßweg", "Mühlgasse", "Lindenallee", "Gänsemarkt"],
  respell: (text) =>
    text
      .replace(/ß/g, "ss")
      .replace(/ä/g, "ae")
      .replace(/ö/g, "oe")
      .replace(/ü/g, "ue")
      .replace(/Ü/g, "Ue")
      .replace(/strasse$/, "str."),
  streetLine: numberLast,
};

const french: Language = {
  women: list("Zoé Hélène Françoise Amélie Chloé Inès Océane Margaux Agnès Léa Noémie Solène"),
  men: list("François Jérôme Rémi Benoît Loïc André Gaël Étienne Cédric Raphaël Théo Hervé"),
  surnames: list(
    "Lefèvre Bérard Gérard Lémery Préjean Côté Bézier Dupré Béranger Châtel Fournier Girard Mercier Rousseau " +
      "Gauthier Perrin Morin Mathieu Noël Garçon Lacaze Vasseur Étienne Hébert Maréchal Barbé Guérin Boyer",
  ),
  cities: list("Orléans Nîmes Béziers Angoulême Saint-Étienne Besançon Évreux Lyon Mâcon Châlons"),
  streets: [
    "rue de la République",
    "avenue Foch",
    "bd Pasteur",
    "place de l'Église",
    "rue du Château",
  ],
  respell: plain,
  streetLine: numberFirst,
};

const spanish: Language = {
  women: list("María Lucía Sofía Inés Begoña Ángela Rocío Verónica Mónica Belén Andrea Paula"),
  men: list("José Jesús Andrés Iñaki Martín Óscar Raúl Ángel Íñigo Tomás Hugo Pablo"),
  surnames: [
    "García López",
    "Fernández Ruiz",
    "Muñoz Peña",
    "Ibáñez Gómez",
    "Núñez Díaz",
    "Pérez Sáez",
  ].concat(
    list(
      "Martínez Sánchez Jiménez Álvarez Gutiérrez Domínguez Vázquez Cortés Méndez Marín Ordóñez Peña Crespo",
    ),
  ),
  cities: list("Málaga Córdoba Cádiz León Jaén Ávila Cáceres Mérida Lérida Gijón"),
  streets: ["Calle Mayor", "C/ Real", "Avda. de la Constitución", "Plaza España", "Calle del Sol"],
  respell: (text) =>
    plain(text)
      .replace(/^(\S+) \S+ez$/, "$1")
      .replace(/^C\//, "Calle"),
  streetLine: (street, number) => `${street}, ${number}`,
};

const russian: Language = {
  women: list("Анна Елена Ольга Наталья Мария Светлана Татьяна Юлия Ирина Екатерина Дарья Ксения"),
  men: list(
    "Александр Сергей Дмитрий Андрей Алексей Иван Евгений Михаил Юрий Николай Виктор Павел",
  ),
  surnames: list(
    "Шевченко Коваленко Бондаренко Ткаченко Кравченко Лысенко Бойко Мороз Савченко Гончар Дорош Щербак " +
      "Черных Жук Седых Гуляй Быстрых Чайка Заяц Сокол Ворон Цой Юрченко Яценко Хмара Зима Рудь Ярош",
  ),
  cities: list("Москва Казань Самара Омск Пермь Воронеж Тверь Рязань Псков Челябинск"),
  streets: ["ул. Ленина", "ул. Мира", "пр. Победы", "ул. Гагарина", "ул. Пушкина", "пер. Школьный"],
  respell: letters(
    "а a б b в v г g д d е e ё e ж zh з z и i й y к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts " +
      "ч ch ш sh щ shch ъ _ ы y ь _ э e ю yu я ya",
  ),
  streetLine: (street, number) => `${street}, д. ${number}`,
};

const greek: Language = {
  women: list("Μαρία Ελένη Κατερίνα Βασιλική Σοφία Αγγελική Γεωργία Δήμητρα Ιωάννα Φωτεινή"),
  men: list(
    "Γεώργιος Ιωάννης Νικόλαος Δημήτριος Παναγιώτης Χρήστος Αθανάσιος Μιχάλης Σπύρος Θωμάς",
  ),
  surnames: list(
    "Παπαδόπουλος Βλαχάκης Αγγελίδης Νικολάου Γεωργίου Δημητρίου Οικονόμου Ιωάννου Μακρής Καραγιάννης " +
      "Ψαράς Ξένος Θεοδώρου Χατζής Φωτίου Σταύρου Ζήσης Μανωλάκης Λάμπρου Πετρίδης Ρήγας Κοντός",
  ),
  cities: list("Αθήνα Πάτρα Λάρισα Βόλος Χανιά Σέρρες Δράμα Καβάλα Ρόδος Θήβα"),
  streets: ["Ερμού", "Σταδίου", "Αθηνάς", "Πατησίων", "Κηφισίας", "Βενιζέλου", "Τσιμισκή"],
  respell: letters(
    "α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o",
  ),
  streetLine: numberLast,
};

const chinese: Language = {
  women: list("秀英 丽 敏 静 艳 娟 芳 霞 玲 雪梅 婷婷 桂英 玉兰 慧 倩 佳怡 梦琪 欣怡"),
  men: list("伟 强 磊 军 勇 杰 涛 明 超 建国 志强 浩然 宇轩 子涵 鹏 建华 文博 俊杰"),
  surnames: list("王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 马 朱 胡 郭 何 林 高 罗 欧阳 司马"),
  cities: list("北京市 上海市 广州市 深圳市 成都市 杭州市 武汉市 西安市"),
  streets: ["中山路", "人民路", "解放路", "建设路", "南京路", "和平街"],
  respell: (text) => text.replace(/市$/, ""),
  streetLine: (street, number) => `${street}${number}号`,
};

const japanese: Language = {
  women: list("花子 美咲 陽菜 結衣 さくら 葵 愛子 由美 直美 恵子 真由美 久美子"),
  men: list("太郎 一郎 健一 翔太 大輔 直樹 誠 浩 健太 拓也 哲也 和夫"),
  surnames: list(
    "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林",
  ),
  cities: list("東京都 大阪市 横浜市 名古屋市 札幌市 福岡市 京都市 神戸市"),
  streets: ["中央", "本町", "栄町", "緑が丘", "桜木町", "旭町"],
  respell: (text) => text,
  streetLine: (street, number) => `${street}${1 + (number % 9)}-${number}`,
};

const vietnamese: Language = {
  women: list(
    "Thị_Hoa Thị_Lan Thị_Mai Ngọc_Anh Thu_Hà Thanh_Thảo Minh_Châu Hồng_Nhung Bích_Ngọc",
  ).map((name) => name.replace("_", " ")),
  men: list("Văn_Hùng Văn_Nam Đức_Anh Minh_Tuấn Quang_Huy Hữu_Phước Thanh_Tùng Công_Vinh").map(
    (name) => name.replace("_", " "),
  ),
  surnames: list("Nguyễn Nguyễn Nguyễn Nguyễn Trần Trần Lê Lê Phạm Huỳnh Phan Vũ Đặng Bùi Đỗ Hồ"),
  cities: ["Hà Nội", "Đà Nẵng", "Huế", "Cần Thơ", "Hải Phòng"],
  streets: ["Lê Lợi", "Trần Phú", "Nguyễn Huệ", "Hai Bà Trưng", "Hùng Vương"],
  respell: (text) => plain(text).replace(/đ/g, "d").replace(/Đ/g, "D"),
  streetLine: numberFirst,
};

export const LANGUAGES = {
  english,
  german,
  french,
  spanish,
  russian,
  greek,
  chinese,
  japanese,
  vietnamese,
} as const;
