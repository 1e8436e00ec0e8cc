import { foldText } from "../text/fold-text.ts";

/** Words people write where they have no value, folded. */
const FILLERS = new Set(
  (
    "null|none|n/a|na|n.a.|n.a|nan|nil|void|undefined|unknown|unk|not known|not available|not provided|not given|" +
    "not specified|not stated|not applicable|not disclosed|none given|none provided|no data|missing|blank|empty|" +
    "tbd|tba|tbc|x|xx|xxx|xxxx|#n/a|(null)|(none)|(blank)|[null]|<null>|\\n|anonymous|undisclosed|declined|refused|" +
    "keine|keine angabe|keine angaben|k.a.|k. a.|unbekannt|nicht bekannt|inconnu|inconnue|non renseigne|neant|" +
    "desconocido|desconocida|sin datos|no consta|ninguno|s/d|desconhecido|desconhecida|nao informado|sem informacao|" +
    "sconosciuto|sconosciuta|nessuno|onbekend|geen|ukjent|ukendt|okand|tuntematon|ei tiedossa|nieznany|nieznana|brak|" +
    "brak danych|neznamy|neznama|nezname|neuvedeno|ismeretlen|nincs|nincs adat|necunoscut|nepoznato|bilinmiyor|yok|" +
    "неизвестно|неизвестен|нет|нет данных|невідомо|немає|неизвестна|άγνωστο|άγνωστος|tidak ada|khong co|" +
    "不明|未知|无|無|なし|未記入|未填写|없음|미상|모름|غير معروف|لا يوجد|نامعلوم|ندارد|לא ידוע|אין|अज्ञात|ไม่ทราบ|ไม่มี"
  )
    .split("|")
    .map(foldText),
);
const LENGTH_MAX = 20;
const SIGNS_ONLY = /^[\s\-–—?.,_/*#=~]+$/;

/** True where a text says no more than that there is no value. */
export function isFiller(text: string): boolean {
  if (text.length > LENGTH_MAX) return false;
  return SIGNS_ONLY.test(text) || FILLERS.has(foldText(text).trim());
}
