/**
 * Mail providers that anybody can have an address with, so that a domain of theirs says nothing
 * about an employer. Written from general knowledge: the large providers of the world, then access
 * providers by country. To err on this side costs only an inference that is not made.
 */

/** Under any country's ending: `yahoo.de`, `hotmail.co.uk`. */
const brands = new Set(
  `aim aol caramail excite fastmail gmail gmx googlemail hotmail hushmail icloud inbox live lycos
  mail mailbox mailinator msn myyahoo outlook pm proton protonmail rediffmail rocketmail runbox
  terra tutanota tuta uol vivaldi yahoo yandex yopmail ymail zoho zohomail`.split(/\s+/),
);

const domains = new Set(
  `me.com mac.com passport.com windowslive.com email.com usa.com post.com europe.com consultant.com
  engineer.com hey.com duck.com mailfence.com startmail.com posteo.de posteo.net mailbox.org
  disroot.org riseup.net ctemplar.com keemail.me tutamail.com skiff.com simplelogin.com anonaddy.com
  guerrillamail.com 10minutemail.com tempmail.com temp-mail.org sharklasers.com trashmail.com
  dispostable.com maildrop.cc getnada.com throwawaymail.com moakt.com mailnesia.com mintemail.com
  web.de freenet.de t-online.de arcor.de online.de 1und1.de vodafone.de kabelmail.de unity-mail.de
  aon.at chello.at bluewin.ch hispeed.ch sunrise.ch swissonline.ch
  orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr numericable.fr club-internet.fr
  aliceadsl.fr voila.fr skynet.be telenet.be proximus.be scarlet.be ziggo.nl kpnmail.nl planet.nl
  home.nl hetnet.nl xs4all.nl casema.nl upcmail.nl online.nl quicknet.nl
  btinternet.com btopenworld.com blueyonder.co.uk virginmedia.com ntlworld.com sky.com talktalk.net
  tiscali.co.uk plusnet.com o2.co.uk eircom.net libero.it virgilio.it tin.it alice.it tiscali.it
  tim.it fastwebnet.it iol.it email.it poste.it inwind.it giallo.it telefonica.net movistar.es ono.com
  ya.com terra.es sapo.pt clix.pt netcabo.pt iol.pt mail.telepac.pt telepac.pt portugalmail.pt
  bol.com.br ig.com.br globo.com globomail.com oi.com.br r7.com zipmail.com.br
  fibertel.com.ar speedy.com.ar arnet.com.ar ciudad.com.ar prodigy.net.mx vtr.net une.net.co
  comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net
  juno.com netzero.net frontier.com windstream.net centurylink.net optonline.net roadrunner.com
  rr.com ameritech.net pacbell.net swbell.net snet.net mindspring.com prodigy.net q.com embarqmail.com
  shaw.ca rogers.com sympatico.ca telus.net videotron.ca cogeco.ca bell.net
  bigpond.com bigpond.net.au optusnet.com.au iinet.net.au tpg.com.au internode.on.net dodo.com.au
  xtra.co.nz slingshot.co.nz telkomsa.net mweb.co.za vodamail.co.za webmail.co.za
  mail.ru bk.ru list.ru inbox.ru internet.ru rambler.ru lenta.ru ya.ru ukr.net i.ua meta.ua bigmir.net
  tut.by abv.bg dir.bg seznam.cz email.cz centrum.cz volny.cz post.cz azet.sk zoznam.sk centrum.sk
  wp.pl o2.pl onet.pl onet.eu op.pl interia.pl interia.eu poczta.onet.pl poczta.fm tlen.pl gazeta.pl
  freemail.hu citromail.hu t-online.hu net.hr siol.net otenet.gr forthnet.gr in.gr
  luukku.com elisanet.fi kolumbus.fi suomi24.fi telia.com bredband.net comhem.se spray.se tele2.se
  online.no broadpark.no mail.dk jubii.dk tdcadsl.dk stofanet.dk
  walla.co.il walla.com bezeqint.net netvision.net.il mynet.com superonline.com ttmail.com
  rediff.com indiatimes.com sify.com in.com vsnl.com bsnl.in
  qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com aliyun.com 139.com 189.cn
  21cn.com tom.com vip.qq.com vip.163.com naver.com hanmail.net daum.net nate.com korea.com
  docomo.ne.jp ezweb.ne.jp softbank.ne.jp au.com nifty.com biglobe.ne.jp ocn.ne.jp so-net.ne.jp
  pchome.com.tw seed.net.tw hinet.net netvigator.com singnet.com.sg streamyx.com maktoob.com
  emirates.net.ae saudi.net.sa example.com example.org example.net localhost.localdomain`.split(
    /\s+/,
  ),
);

const brandPattern = /^([a-z0-9-]+)\.(?:[a-z]{2,4}|com?\.[a-z]{2})$/;

/** Under which anybody can have a domain: `co.uk`, `com.br`. It is nobody's own. */
const publicEnding =
  /^(?:ac|co|com|edu|go|gob|gov|gv|id|ltd|ne|net|nom|or|org|plc|web)\.[a-z]{2}$|^[^.]*$/;

/** Whether an e-mail domain may tell where somebody works. */
export function isCompanyDomain(domain: string): boolean {
  if (domains.has(domain) || publicEnding.test(domain)) return false;
  const brand = brandPattern.exec(domain)?.[1];
  return brand === undefined || !brands.has(brand);
}
