import { foldText } from "../text/fold-text.ts";

/**
 * General knowledge: given names that are common somewhere, beside those of `nicknames.ts`, by language. They tell a
 * column of names from one of cities, and a name from a typing error.
 */
const COMMON_GIVEN_NAMES = `
german: wolfgang uwe heinz gunter werner dieter manfred holger jorg ralf sven jens dirk kai lukas leon felix
jonas finn monika petra sabine renate helga karin ingrid claudia birgit heike gabriele kerstin anja silke ulrike
lea mia emilia lara
french: alain nicolas christophe stephane thierry pascal olivier julien guillaume antoine hugo theo lucas maxime
nathalie isabelle sylvie valerie sandrine celine aurelie chantal brigitte manon camille chloe
spanish: javier rafael angel ramon sergio alvaro adrian ruben ivan jesus dolores pilar josefa rocio marta
beatriz raquel silvia nuria ines lourdes
portuguese: paulo luiz marcos tiago bruno rodrigo vitor joaquim rui nuno marcia adriana juliana fernanda aline
camila leticia ines rita
italian: vincenzo salvatore domenico roberto stefano massimo fabio simone matteo davide chiara giulia martina
sara valentina elisa silvia paola federica
dutch: kees willem jeroen bas daan sander maarten joost sanne lotte anneke marieke femke esther
nordic: lars erik anders per nils mikael bjorn kjell ole svein knut jens niels soren mads rasmus johan gustaf
axel karin kristina ingrid birgitta annika astrid anne marit inger liv randi mette hanne kirsten pia lone maja
finnish: juha matti mikko antti jukka pekka timo kari janne heikki kaisa sari tuula liisa paivi satu helena
hanna
polish: krzysztof pawel marcin grzegorz jerzy lukasz adam zbigniew ryszard wojciech jaroslaw ewa krystyna
magdalena barbara dorota beata iwona justyna aleksandra
czech: jiri petr vaclav jaroslav miroslav zdenek milan frantisek ondrej vojtech eva hana vera lenka lucie jitka
alena
hungarian: laszlo zoltan ferenc sandor gabor attila tamas csaba gyula balazs erzsebet katalin ilona judit
zsuzsanna agnes marta eszter
romanian: ion gheorghe vasile constantin mihai alexandru cristian ioana mihaela simona andreea cristina
south-slavic: zoran goran dragan milan nikola marko ivan stjepan tomislav zeljko jovana jelena milica dragana
mirjana ivana snezana georgi dimitar stoyan
baltic: jonas vytautas tomas andris janis peteris rasa egle ruta inga ilze kristine
turkish: mehmet mustafa ahmet huseyin hasan murat emre omer osman kemal burak serkan fatma ayse emine hatice
zeynep elif merve busra ozlem esra selin
arabic: ahmed mahmoud omar khalid khaled hassan hussein abdullah youssef tariq karim samir mustafa fatima aisha
maryam khadija nour layla salma zahra amina hana محمد أحمد احمد علي حسن حسين عبدالله خالد عمر يوسف إبراهيم سعيد
عبد فاطمة مريم عائشة زينب نورة سارة
persian: reza amir mehdi hossein farhad behzad saeed parisa shirin nasrin fatemeh رضا مهدی امیر فاطمه زهرا مریم
hebrew: moshe yosef avi yael noa tamar דוד משה יוסף יעקב אברהם יצחק דניאל שרה רחל מרים חנה רבקה אסתר נועה תמר
indian: rahul amit raj vijay sanjay suresh rajesh ravi arjun rohan anil sunil deepak manoj ashok priya anita
sunita pooja neha kavita lakshmi anjali divya asha meena राज राहुल अमित विजय संजय राम सीता प्रिया अनीता सुनीता
russian: aleksandr sergey dmitriy andrey aleksey maksim evgeniy mikhail nikolay pavel artem oleg igor elena olga
tatyana natalya irina mariya svetlana yuliya anastasiya galina lyudmila oksana nadezhda
ukrainian: oleksandr andriy mikola vasil volodimir bogdan taras olena oksana kateryna katerina ganna
greek: georgios ioannis konstantinos dimitrios nikolaos panagiotis vasileios christos athanasios eleni
aikaterini vasiliki sofia georgia anna dimitra
vietnamese: hung minh tuan dung hoa lan huong thao linh phuong thuy nga duc hai
indonesian: budi agus andi dewi siti sri putri wahyu eko yanti
thai: สมชาย สมศักดิ์ ประเสริฐ วิชัย สมหญิง มาลี สุดา พรทิพย์
korean: minjun seoyeon jihoon jiwon minseo hyunwoo
japanese: hiroshi takashi kenji yuki keiko yoko akira satoshi naoko takeshi kazuya mariko yumi haruka 翔太 健太 大輔
拓也 直樹 和也 達也 健一 誠 浩 学 淳 亮 隆 茂 博 清 太郎 蓮 陽翔 湊 陽子 恵子 裕子 久美子 由美子 明美 直子 智子 美咲 舞 愛 香織 真由美 さくら 結衣 陽菜 葵 凛 花子
chinese: wei fang min jing qiang lei jun yang yong xia ping
`;

/** Surnames of one sign; a Chinese or Korean name begins with one of them. */
const SURNAME_SIGNS =
  "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何高林罗羅郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹彭曾肖蕭萧田董袁潘于蒋蔣蔡余" +
  "杜叶葉程苏蘇魏吕呂丁任沈姚卢盧姜崔钟鍾谭譚陆陸汪范金石廖贾賈夏韦韋付方白邹鄒孟熊秦邱江尹薛闫閻段雷侯龙龍史陶黎贺賀顾顧毛郝龚" +
  "龔邵万萬钱錢严嚴覃武戴莫孔向汤湯김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민진지엄채원천방" +
  "공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국은편용";

/** Japanese surnames of two signs and more, and Chinese and Korean ones of two. */
const LONG_SURNAMES =
  "佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邊 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 斎藤 斉藤 清水 山崎 池田 橋本 阿部 石川 山下 " +
  "中島 前田 藤田 小川 後藤 岡田 長谷川 村上 近藤 石井 坂本 遠藤 青木 藤井 西村 福田 太田 三浦 藤原 岡本 松田 中川 中野 原田 小野 田村 竹内 " +
  "金子 和田 中山 石田 上田 森田 柴田 酒井 宮崎 横山 高木 安藤 宮本 大野 小島 谷口 工藤 今井 高田 増田 丸山 杉山 村田 大塚 新井 小山 平野 " +
  "藤本 河野 上野 野口 武田 松井 千葉 菅原 岩崎 桜井 木下 野村 松尾 菊地 菊池 佐野 野田 杉本 大西 浜田 吉本 青山 田辺 三宅 " +
  "欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 东方 皇甫 남궁 황보 제갈 사공 선우 서문 독고";

const GIVEN_NAMES = new Set(
  COMMON_GIVEN_NAMES.trim()
    .split("\n")
    .flatMap((line) => line.replace(/^[a-z-]+: /, "").split(" "))
    .map(foldText),
);
const SIGNS = new Set([...SURNAME_SIGNS].map(foldText));
const LONG = new Set(LONG_SURNAMES.split(" ").map(foldText));

/** True for a folded word that is a common given name somewhere. */
export function isCommonGivenName(word: string): boolean {
  return GIVEN_NAMES.has(word);
}

/** How many signs of an unspaced East Asian name make the surname; 0 where it does not begin with one we know. */
export function surnameSigns(name: string): number {
  const signs = [...name];
  for (const length of [3, 2]) if (LONG.has(signs.slice(0, length).join(""))) return length;
  return SIGNS.has(signs[0] ?? "") ? 1 : 0;
}
